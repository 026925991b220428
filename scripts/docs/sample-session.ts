/** One exchange as it goes over the wire: `>` from the client, `<` from the server. */
export const sampleSession = `\`>\` is what the client sends, \`<\` what the server sends.

\`\`\`text
> POST /api/join   {"email":"ann@example.org","name":"Ann"}
< 200              {"me":{"id":"u_3hT9pLz6Vb","name":"Ann","kind":"guest","email":"ann@example.org"}}
> GET /api/rooms
< 200              {"epoch":"7Qm4xW2p","inbox":1,"rooms":[{"stream":"r_8fK2qZ7mQa","name":"Lobby","kind":"lobby","topic":"","head":41,"read":41,"unread":0}]}
> GET /ws          Sec-WebSocket-Protocol: parley.v1
< 101              Sec-WebSocket-Protocol: parley.v1
> {"type":"hello","id":1,"epoch":"7Qm4xW2p","cursors":{"inbox":1,"r_8fK2qZ7mQa":41}}
< [{"type":"welcome","id":1,"epoch":"7Qm4xW2p","me":"u_3hT9pLz6Vb",…},
   {"type":"live","id":1,"heads":{"inbox":1,"r_8fK2qZ7mQa":41}},
   {"type":"ready","id":1}]
> {"type":"message.post","id":2,"stream":"r_8fK2qZ7mQa","cid":"01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f","text":"hello 你好"}
< {"type":"message.posted","stream":"r_8fK2qZ7mQa","seq":42,"at":1792051200999,"by":"u_3hT9pLz6Vb","cid":"01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f","text":"hello 你好"}
< {"type":"ok","id":2,"cid":"01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f","stream":"r_8fK2qZ7mQa","seq":42,"at":1792051200999}
  … the line breaks before a second ok arrives; the client does not know whether 43 is stored …
> {"type":"hello","id":1,"epoch":"7Qm4xW2p","cursors":{"inbox":1,"r_8fK2qZ7mQa":42}}
< [{"type":"welcome",…},
   {"type":"message.posted","stream":"r_8fK2qZ7mQa","seq":43,…,"cid":"01926e4b-0d5e-7a11-8c22-1b2c3d4e5f60","text":"still here"},
   {"type":"live","id":1,"heads":{"inbox":1,"r_8fK2qZ7mQa":43}},
   {"type":"ready","id":1}]
> {"type":"message.post","id":2,"stream":"r_8fK2qZ7mQa","cid":"01926e4b-0d5e-7a11-8c22-1b2c3d4e5f60","text":"still here"}
< {"type":"ok","id":2,"cid":"01926e4b-0d5e-7a11-8c22-1b2c3d4e5f60","stream":"r_8fK2qZ7mQa","seq":43,"at":1792051201777,"repeated":true}
\`\`\``;

/** The exact answer to what should not be sent; each row has its test. */
export const malformedInput = `None of these ends the process, and none loses anything.

| Input | Answer |
| --- | --- |
| not JSON | close 4009 \`bad_json\` |
| JSON that is not an object or a list of objects; an empty list; a key \`__proto__\`, \`constructor\` or \`prototype\`; a binary frame | close 4009 \`bad_frame\` |
| nested deeper than 8; more than 64 keys; lists of more than 256; more than 50 objects in a frame | close 4009 \`too_deep\`, \`too_many_keys\`, \`too_many_items\` |
| a frame of more than 64 KiB | close 1009 |
| text that is not UTF-8 | close 1007 |
| a command before hello | close 4009 \`not_greeted\` |
| no hello within 10 seconds | close 4001 |
| hello twice | error \`already_greeted\` |
| a known command without \`id\`; an \`id\` that is not a whole number from 1 | close 4009 |
| an unknown type with an \`id\`; without | error \`unknown_type\`; ignored |
| a missing field; a field of the wrong type | error \`missing_field\`; \`invalid_type\` |
| a missing cid; one that is not a UUID of version 7 | error \`missing_field\`; \`invalid_cid\` |
| a cid used before, with the same content; with other content | the first answer again with \`repeated\`; error \`cid_conflict\` |
| an empty message, or only white space and invisible characters | error \`empty_message\` |
| more than 10,000 code points or 1,000 lines | error \`too_long\` |
| half a surrogate pair; control characters other than tab and line feed, or more than 32 combining marks on one character | error \`invalid_text\`; \`invalid_characters\` |
| a stream that does not exist or may not be seen, in a command; in hello or follow | error \`not_found\`; \`gone\` (one answer for both) |
| a cursor beyond the head | \`reset\` with the reason \`future\` |
| a cursor of another epoch; more than 300 events behind; null | \`reset\` with \`epoch\`; \`far\`; \`fresh\` |
| a read mark or history range beyond the head | error \`invalid_seq\` |
| 100 messages at once | 20 are stored, the others get \`rate_limited\` with \`retryAfterMs\` |
| ten seconds' worth of objects above the rate; a flood of pings | close 4129 |
| a peer that answers no ping; a reader that takes nothing | ended within 36 seconds; close 4108 after 10 seconds, or cut above 1 MiB |
| a foreign \`Origin\` | 403 \`origin_not_allowed\` |
| no valid session cookie with parley.v1 | 101, then close 4001 |
| \`parley.v0\` and other versions of ours; only unknown subprotocols | 101, then close 4006; 400 |
| a token in the address | 400 \`token_in_url\` |
| too many connections of a person; of an address; in all | close 4100; 429; 503 |
| POST without \`application/json\`; with an unknown key; larger than 64 KiB; from another site's page | 415; 400 \`unknown_field\`; 413; 403 \`csrf\` |`;

import type { enConnection } from "./en-connection.ts";
import type { TextsLike } from "./i18n.ts";

/** 简体中文: the connection panel. */
export const chineseConnection: TextsLike<typeof enConnection> = {
  address: "地址",
  transport: "传输",
  subprotocol: "子协议",
  node: "节点",
  roundTrip: "往返时间",
  notMeasured: "尚未测量",
  connectedSince: "连接时间",
  reconnects: "重连次数",
  frames: "数据帧",
  frameIn: "收到",
  frameOut: "发出",
  pause: "暂停",
  goOn: "继续",
  copyFrames: "复制数据帧",
  streams: "已同步的流",
  stream: "流",
  streamsHelp:
    "每个房间都是一份日志，事件按 1、2、3……连续编号，没有空缺。这里是本页面拥有的每个流的最后编号。断线之后，页面只请求这个编号之后的内容，因此既不会缺失，也不会重复。",
  handshake: "握手",
  noHandshake: "服务器没有说明握手的内容。",
  handshakeHelp:
    "WebSocket 从一个请求升级的 HTTP 请求开始。服务器以状态码 101 表示同意，此后双方在同一条连接上随时可以发送数据帧。",
  request: "浏览器的请求",
  response: "服务器的应答",
  acceptTitle: "如何由 key 得出 Sec-WebSocket-Accept",
  acceptKey: "浏览器生成 16 个随机字节，以 Base64 发送：",
  acceptGuid: "服务器在后面接上 RFC 6455 规定的固定文本：",
  acceptSha1: "对结果计算 SHA-1，得到 20 个字节，这里写成十六进制：",
  acceptBase64: "写成 Base64 就是：",
  acceptEqual: "✓ 与服务器的应答头一致：",
  acceptDiffers: "与服务器的应答头不一致：",
  acceptWhy:
    "它不是秘密，也不保护任何东西，只证明对方懂得 WebSocket，并且应答不是来自中间的缓存。",
  heartbeat: "ping 与 pong",
  heartbeatFrames:
    "RFC 6455 规定了 ping（操作码 0x9）和 pong（0xA）帧。服务器发出 ping，浏览器自动应答；页面看不到它们。",
  heartbeatApp:
    '页面自己也发不出这种 ping。因此在 25 秒没有其他数据时，服务器还会用普通帧发送 {"type":"ping"}，页面应答 {"type":"pong"}。超过 35 秒没有任何消息，页面就认为连接已断并重新连接。',
};

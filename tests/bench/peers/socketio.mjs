// The peer of the benchmarks: the npm package `socket.io` as its documentation sends to rooms, behind
// the same HTTP route that Parlour has. It stores nothing, moderates nothing, checks no key and no
// token, numbers nothing and recovers nobody. Usage: node socketio.mjs <host> <port>

import { Server } from 'socket.io';
import { bridge, listen } from './bridge.mjs';

const server = bridge(({ room, message, uuid }) => {
  io.to(room).emit('new_message', { message, uuid, room });
});

const io = new Server(server, { serveClient: false });
io.on('connection', (socket) => {
  socket.on('subscribe', (room, ack) => {
    socket.join(room);
    ack({ success: true, room });
  });
  // What its documentation advises where memory counts.
  socket.conn.request = null;
});

listen(server);

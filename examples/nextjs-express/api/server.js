// SPDX-License-Identifier: Apache-2.0
// An Express 5 API that knows nothing of cookies or sessions: it verifies the bearer against Sallyport's JWKS.
import express from 'express';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import * as notes from './notes.js';
import { bearerVerifier, requireBearer } from './require_bearer.js';

const port = Number(process.env.PORT ?? 4000);
const issuer = process.env.ISSUER ?? 'http://localhost:8080'; // Sallyport's public_url
const verify = bearerVerifier({
  issuer,
  audience: process.env.AUDIENCE ?? 'api',
  jwksUrl: process.env.JWKS_URL ?? `${issuer}/.well-known/jwks.json`,
});

const app = express();
app.disable('x-powered-by');
app.use(express.json({ limit: '64kb' }), express.urlencoded({ extended: false, limit: '64kb' }));
app.use('/api', requireBearer(verify));

app.get('/api/notes', (request, response) => {
  response.json({ notes: notes.list(request.person.sub) });
});

app.post('/api/notes', (request, response) => {
  const text = String(request.body?.text ?? '').trim();
  const fromForm = request.is('urlencoded');
  if (text === '' || text.length > 500) {
    response.status(422).json({ code: 'invalid_text', detail: 'A note has 1 to 500 characters.' });
    return;
  }
  const via = fromForm ? 'plain form' : String(request.body.via ?? 'axios').slice(0, 40);
  const note = notes.add(request.person.sub, text, via);
  if (fromForm) response.redirect(303, '/dashboard');
  else response.status(201).json(note);
});

app.delete('/api/notes/:id', (request, response) => {
  const found = notes.remove(request.person.sub, request.params.id);
  response.status(found ? 204 : 404).end();
});

// What the API learned about the caller, without the token itself.
app.get('/api/whoami', (request, response) => {
  const { sub, sid, aud, iss, auth_time, amr } = request.person;
  response.json({ sub, sid, aud, iss, auth_time, amr });
});

app.get('/api/events', (request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const send = () => response.write(`event: notes\ndata: ${JSON.stringify({
    count: notes.list(request.person.sub).length,
    at: new Date().toISOString(),
  })}\n\n`);
  send();
  const timer = setInterval(send, 1000);
  response.on('close', () => clearInterval(timer));
});

const server = createServer(app);
const sockets = new WebSocketServer({ noServer: true });

server.on('upgrade', async (request, socket, head) => {
  let person;
  try {
    if (new URL(request.url, issuer).pathname !== '/api/ws') throw new Error('no such socket');
    person = await verify(request);
  } catch {
    socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (client) => serve(client, person));
});

function serve(client, person) {
  let count = 0;
  const tick = () => client.send(JSON.stringify({ type: 'tick', count: ++count, at: new Date().toISOString() }));
  tick();
  const timer = setInterval(tick, 1000);
  client.on('message', (data) => client.send(JSON.stringify({ type: 'echo', sub: person.sub, text: String(data).slice(0, 200) })));
  client.on('error', () => client.terminate());
  client.on('close', () => clearInterval(timer));
}

server.listen(port, process.env.HOST ?? '127.0.0.1', () => console.log(`API on http://127.0.0.1:${server.address().port}, trusting ${issuer}`));

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server.closeAllConnections();
    server.close(() => process.exit(0));
  });
}

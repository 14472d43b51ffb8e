// SPDX-License-Identifier: Apache-2.0
import express from 'express';
import session from 'express-session';
import { Agent } from 'node:http';
import { createProxyMiddleware } from 'http-proxy-middleware';

const app = express();
app.use(session({ secret: 'a secret of the benchmark', resave: false, saveUninitialized: false, cookie: { httpOnly: true, sameSite: 'lax' } }));
app.post('/login', (req, res) => { req.session.token = `ey${'a'.repeat(700)}`; res.json({ ok: true }); });
app.use('/api', (req, res, next) => (req.session.token ? next() : res.status(401).json({ code: 'login_required' })), createProxyMiddleware({
  target: process.env.UPSTREAM, agent: new Agent({ keepAlive: true, maxSockets: 128 }), pathRewrite: (path) => `/api${path}`,
  on: { proxyReq: (outgoing, req) => { outgoing.setHeader('Authorization', `Bearer ${req.session.token}`); outgoing.removeHeader('cookie'); } },
}));
app.listen(Number(process.env.PORT), '127.0.0.1');

// SPDX-License-Identifier: Apache-2.0
// A WebSocket and a server-sent-events stream through the gateway. Both end the moment the session does.
'use client';
import { useEffect, useState } from 'react';

const counted = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;
const socketUrl = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/ws`;

export default function Live() {
  const [socket, setSocket] = useState({ state: 'connecting', ticks: 0, echo: null });
  const [stream, setStream] = useState({ state: 'connecting', events: 0, count: null });

  useEffect(() => {
    const ws = new WebSocket(socketUrl());
    ws.onopen = () => { setSocket((now) => ({ ...now, state: 'open' })); ws.send('hello'); };
    ws.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      setSocket((now) => (message.type === 'echo' ? { ...now, echo: message.text } : { ...now, ticks: message.count }));
    };
    ws.onclose = () => setSocket((now) => ({ ...now, state: 'closed' }));

    const events = new EventSource('/api/events');
    events.addEventListener('notes', ({ data }) => setStream((now) => ({ state: 'open', events: now.events + 1, count: JSON.parse(data).count })));
    events.onerror = () => { events.close(); setStream((now) => ({ ...now, state: 'closed' })); };
    return () => { ws.onclose = null; ws.close(); events.close(); };
  }, []);

  return (
    <section className="card" aria-labelledby="live-title">
      <h2 id="live-title">Live</h2>
      <dl className="live">
        <div><dt>WebSocket</dt><dd data-testid="ws" data-state={socket.state} data-echo={socket.echo ?? ''}><i className={`dot ${socket.state}`} />{socket.state}, {counted(socket.ticks, 'tick')}</dd></div>
        <div><dt>Event stream</dt><dd data-testid="sse" data-state={stream.state}><i className={`dot ${stream.state}`} />{stream.state}, {counted(stream.events, 'event')}</dd></div>
      </dl>
      <p className="dim">{stream.count === null ? 'Waiting for the first event.' : `The API counts ${counted(stream.count, 'note')}.`}</p>
    </section>
  );
}

// SPDX-License-Identifier: Apache-2.0
// The browser's way to the API: plain axios on the gateway's origin. axios sends XSRF-TOKEN back as X-XSRF-TOKEN by itself.
'use client';
import axios from 'axios';
import { useCallback, useEffect, useState } from 'react';

function explain(error) {
  const code = error.response?.data?.code;
  if (code === 'login_required') return 'You are signed out. Reload the page to sign in again.';
  return error.response?.data?.detail ?? 'The API could not be reached.';
}

export default function NotesBoard() {
  const [notes, setNotes] = useState(null);
  const [error, setError] = useState(null);

  const attempt = useCallback(async (work) => {
    try {
      await work();
      setError(null);
    } catch (problem) {
      setError(explain(problem));
    }
  }, []);
  const load = useCallback(() => attempt(async () => setNotes((await axios.get('/api/notes')).data.notes)), [attempt]);

  useEffect(() => { load(); }, [load]);

  async function add(event) {
    event.preventDefault();
    const form = event.currentTarget;
    await attempt(async () => {
      const { data } = await axios.post('/api/notes', { text: new FormData(form).get('text') });
      setNotes((before) => [data, ...(before ?? [])]);
      form.reset();
    });
  }

  async function remove(id) {
    await attempt(async () => {
      await axios.delete(`/api/notes/${id}`);
      setNotes((before) => before.filter((note) => note.id !== id));
    });
  }

  return (
    <section className="card" aria-labelledby="board-title">
      <div className="title">
        <h2 id="board-title">From the browser</h2>
        <button className="button small plain" type="button" onClick={load}>Refresh</button>
      </div>
      <form className="row" onSubmit={add}>
        <label className="sr" htmlFor="axios-text">Note for axios</label>
        <input id="axios-text" name="text" maxLength={500} required placeholder="A note, posted by axios" autoComplete="off" />
        <button className="button" type="submit">Add</button>
      </form>
      {error && <p className="alert" role="alert">{error}</p>}
      {notes === null && !error && <p className="dim">Loading…</p>}
      {notes?.length === 0 && <p className="empty">No notes yet. Write the first one.</p>}
      <ul className="notes" data-testid="browser-notes">
        {notes?.map((note) => (
          <li key={note.id}>
            <span>{note.text}</span>
            <small>{note.via}</small>
            <button className="delete" type="button" aria-label={`Delete “${note.text}”`} onClick={() => remove(note.id)}>×</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

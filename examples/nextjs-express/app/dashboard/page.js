// SPDX-License-Identifier: Apache-2.0
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { bearer, callApi } from '../../lib/api';
import { addNote } from './actions';
import Live from './live';
import NotesBoard from './notes_board';

export const dynamic = 'force-dynamic';
export const metadata = { title: 'My notes' };

export default async function Dashboard() {
  // With a protected route in sallyport.toml the gateway asks for the sign-in before this runs; `sallyport dev` leaves it to us.
  if (!(await bearer())) redirect('/api/auth/signin?callbackUrl=%2Fdashboard');

  const { notes } = await callApi('/api/notes');
  const csrf = (await headers()).get('x-auth-csrf') ?? '';
  return (
    <>
      <h1>My notes</h1>
      <div className="grid">
        <NotesBoard />
        <div className="stack">
          <section className="card" aria-labelledby="server-title">
            <h2 id="server-title">From the server component</h2>
            <p className="dim">Rendered by Next.js, which called the API with this request&apos;s bearer.</p>
            {notes.length === 0 ? <p className="empty">Nothing yet.</p> : (
              <ul className="notes" data-testid="server-notes">
                {notes.slice(0, 6).map((note) => <li key={note.id}><span>{note.text}</span><small>{note.via}</small></li>)}
              </ul>
            )}
          </section>

          <section className="card" aria-labelledby="action-title">
            <h2 id="action-title">Server action</h2>
            <form className="row" action={addNote}>
              <label className="sr" htmlFor="action-text">Note for the server action</label>
              <input id="action-text" name="text" maxLength={500} required placeholder="With or without script" autoComplete="off" />
              <button className="button" type="submit">Add</button>
            </form>
          </section>

          <section className="card" aria-labelledby="form-title">
            <h2 id="form-title">Plain form</h2>
            <form className="row" method="post" action="/api/notes">
              <input type="hidden" name="_csrf" value={csrf} />
              <label className="sr" htmlFor="form-text">Note for the plain form</label>
              <input id="form-text" name="text" maxLength={500} required placeholder="Straight to the API, no script" autoComplete="off" />
              <button className="button" type="submit">Add</button>
            </form>
          </section>

          <Live />
        </div>
      </div>
    </>
  );
}

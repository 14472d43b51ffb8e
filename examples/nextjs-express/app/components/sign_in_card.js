// SPDX-License-Identifier: Apache-2.0
// next-auth's own client, unmodified: useSession, getProviders, signIn and signOut talk to
// Sallyport's /api/auth.
'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { getProviders, signIn, useSession } from 'next-auth/react';

const messages = {
  CredentialsSignin: 'That e-mail address and password do not match.',
  default: 'Signing in did not work just now. Please try again.',
};

export default function SignInCard() {
  const { data: session, status } = useSession();
  const router = useRouter();
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const [providers, setProviders] = useState({});
  useEffect(() => { getProviders().then((all) => setProviders(all ?? {}), () => {}); }, []);
  const elsewhere = Object.values(providers).filter(({ type }) => type === 'oauth' || type === 'oidc');

  async function submit(event) {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    const result = await signIn('credentials', { email, password, redirect: false });
    setBusy(false);
    if (result?.error) setError(messages[result.error] ?? messages.default);
    else router.push('/dashboard');
  }

  // Leads to Sallyport's page that waits for the mail.
  function mailLink({ currentTarget: { form } }) {
    const { email } = form.elements;
    if (email.reportValidity()) signIn('email', { email: email.value, callbackUrl: '/dashboard' });
  }

  if (status === 'loading') return <section className="card" aria-busy="true"><p className="dim">Looking for your session…</p></section>;
  if (session) {
    return (
      <section className="card">
        <h2>Welcome back</h2>
        <p>You are signed in as <strong>{session.user?.name ?? session.user?.email}</strong>.</p>
        <p><Link className="button" href="/dashboard">Open my notes</Link></p>
      </section>
    );
  }
  return (
    <form className="card" onSubmit={submit}>
      <h2>Sign in</h2>
      {error && <p className="alert" role="alert" id="signin-error">{error}</p>}
      <label htmlFor="email">E-mail</label>
      <input id="email" name="email" type="email" autoComplete="username" required aria-describedby={error ? 'signin-error' : undefined} />
      <label htmlFor="password">Password</label>
      <input id="password" name="password" type="password" autoComplete="current-password" required />
      <button className="button" type="submit" disabled={busy}>{busy ? 'Signing in…' : 'Sign in'}</button>
      {providers.email && <button className="button plain" type="button" onClick={mailLink}>Mail me a link instead</button>}
      {elsewhere.map(({ id, name }) => (
        <button key={id} className="button plain" type="button" onClick={() => signIn(id, { callbackUrl: '/dashboard' })}>Sign in with {name}</button>
      ))}
      <p className="dim">New here? <a href="/api/auth/register">Create an account</a></p>
    </form>
  );
}

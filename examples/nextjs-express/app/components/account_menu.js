// SPDX-License-Identifier: Apache-2.0
'use client';
import Link from 'next/link';
import { signIn, signOut, useSession } from 'next-auth/react';

export default function AccountMenu() {
  const { data: session, status } = useSession();

  if (status === 'loading') return <nav className="menu" aria-label="Account" aria-busy="true"><span className="ghost" /></nav>;
  if (!session) {
    return (
      <nav className="menu" aria-label="Account">
        <a className="quiet" href="/api/auth/register">Create account</a>
        <button className="button small" type="button" onClick={() => signIn(undefined, { callbackUrl: '/dashboard' })}>Sign in</button>
      </nav>
    );
  }
  const name = session.user?.name ?? session.user?.email;
  return (
    <nav className="menu" aria-label="Account">
      <Link className="quiet" href="/dashboard">Notes</Link>
      <a className="quiet person" href="/api/auth/account"><span className="avatar" aria-hidden="true">{name?.[0]?.toUpperCase()}</span><span data-testid="who">{name}</span></a>
      <button className="button small plain" type="button" onClick={() => signOut({ callbackUrl: '/' })}>Sign out</button>
    </nav>
  );
}

// SPDX-License-Identifier: Apache-2.0
import Link from 'next/link';
import './globals.css';
import AccountMenu from './components/account_menu';
import Session from './components/session';

export const metadata = {
  title: { default: 'Fieldnotes', template: '%s · Fieldnotes' },
  description: 'A Next.js front end and an Express API behind Sallyport.',
};

export const viewport = { colorScheme: 'light dark', themeColor: [
  { media: '(prefers-color-scheme: light)', color: '#f7f6f2' },
  { media: '(prefers-color-scheme: dark)', color: '#14161a' },
] };

export default function RootLayout({ children }) {
  return (
    <html lang="en">
      <body>
        <Session>
          <a className="skip" href="#main">Skip to content</a>
          <header className="bar">
            <Link className="brand" href="/">
              <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 3h10l4 4v14H5z" /><path d="M9 9h6M9 13h6M9 17h3" /></svg>
              Fieldnotes
            </Link>
            <AccountMenu />
          </header>
          <main id="main">{children}</main>
          <footer className="foot">Pages by Next.js, data by Express, one origin and no token in the browser by Sallyport.</footer>
        </Session>
      </body>
    </html>
  );
}

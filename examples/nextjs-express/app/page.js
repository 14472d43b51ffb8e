// SPDX-License-Identifier: Apache-2.0
import SignInCard from './components/sign_in_card';

export default function Landing() {
  return (
    <div className="hero">
      <div>
        <h1>Notes that stay yours.</h1>
        <p className="lead">Write from a script, a server action or a plain form: every change reaches the API with an identity that it can verify, and the browser never holds a token.</p>
        <ul className="facts">
          <li><strong>One origin.</strong> Pages from Next.js, data from Express, sign-in from Sallyport.</li>
          <li><strong>No token in the browser.</strong> A session cookie that script cannot read, and nothing else.</li>
          <li><strong>Signed out means signed out.</strong> Open sockets and streams are cut at once.</li>
        </ul>
      </div>
      <SignInCard />
    </div>
  );
}

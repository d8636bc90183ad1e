// Decides what a person sees before the desk itself: asking, sign-in, the server away, or the session that ended.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Unreachable } from '../api/client.ts';
import { Failed } from '../design/loaded.tsx';
import { SignIn, SignInAgain } from '../pages/sign-in.tsx';
import { useSession } from './session.tsx';

export function Gate({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { state, session, askAgain } = useSession();
  if (state === 'unreachable') return <Failed error={new Unreachable('start')} retry={askAgain} />;
  if (state === 'none' || (state === 'over' && !session)) return <SignIn />;
  if (state === 'asking' && !session) {
    return (
      <p className="sr" role="status">
        {t('loading')}
      </p>
    );
  }
  return (
    <>
      {children}
      {state === 'over' && <SignInAgain />}
    </>
  );
}

// State of a case: colour, shape and word together, so that none of the three is needed to read it.
import { useTranslation } from 'react-i18next';
import type { StateKind } from '../contract.ts';

/** done ● running ◐ waiting ○ due soon ◔ late ▲ critical ◆ closed without result ✕ */
export function Shape({ kind, size = 12 }: { readonly kind: StateKind; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 12 12"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    >
      {shapeOf(kind)}
    </svg>
  );
}

export function State({ kind, word }: { readonly kind: StateKind; readonly word?: string }) {
  const { t } = useTranslation();
  return (
    <span className={`state ${kind}`}>
      <Shape kind={kind} />
      <span className="truncate">{word ?? t(`state.${kind}`)}</span>
      {word !== undefined && (kind === 'late' || kind === 'due-soon' || kind === 'critical') && (
        <span className="sr">{t(`state.${kind}`)}</span>
      )}
    </span>
  );
}

function shapeOf(kind: StateKind) {
  switch (kind) {
    case 'done':
      return <circle cx="6" cy="6" r="5" fill="currentColor" stroke="none" />;
    case 'running':
      return (
        <>
          <circle cx="6" cy="6" r="4.6" />
          <path d="M6 1.400a4.6 4.6 0 0 0 0 9.200z" fill="currentColor" stroke="none" />
        </>
      );
    case 'waiting':
      return <circle cx="6" cy="6" r="4.6" />;
    case 'due-soon':
      return (
        <>
          <circle cx="6" cy="6" r="4.6" />
          <path d="M6 6V1.400A4.6 4.6 0 0 1 10.6 6z" fill="currentColor" stroke="none" />
        </>
      );
    case 'late':
      return <path d="M6 .8 11.6 11H.4z" fill="currentColor" stroke="none" />;
    case 'critical':
      return <path d="M6 .3 11.7 6 6 11.7.3 6z" fill="currentColor" stroke="none" />;
    case 'closed':
      return <path d="M2.5 2.500l7 7M9.5 2.500l-7 7" strokeLinecap="round" />;
  }
}

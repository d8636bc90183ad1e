// The head of a page that is one of several: its title, what can be done with it, the others as tabs.
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import './fund.css';

/** What every page says to its frame. */
export interface PageHead {
  readonly title: string;
  readonly text: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

export interface Tab {
  readonly to: string;
  readonly word: string;
  readonly shown: boolean;
}

interface TabbedFrameProps extends PageHead {
  /** What the tabs are together. */
  readonly name: string;
  readonly tabs: readonly Tab[];
}

/** So much of the tab after it shows that there is one. */
const EDGE = 32;

export function TabbedFrame({ title, text, tools, children, name, tabs }: TabbedFrameProps) {
  // The first tab's address begins those of the others.
  const first = tabs[0]?.to;
  const strip = useRef<HTMLElement>(null);
  // On a phone the strip scrolls: the page's own tab is in view.
  useEffect(() => {
    const [nav, own] = [strip.current, strip.current?.querySelector<HTMLElement>('[aria-current]')];
    if (!nav || !own) return;
    const end = own.offsetLeft - nav.offsetLeft + own.offsetWidth;
    if (end > nav.clientWidth) nav.scrollLeft = end - nav.clientWidth + EDGE;
  }, []);
  return (
    <div className="page fund">
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          <p className="no-print">{text}</p>
        </div>
        {tools && <div className="row wrap no-print">{tools}</div>}
      </header>
      <nav ref={strip} className="tabs no-print" aria-label={name}>
        {tabs
          .filter(({ shown }) => shown)
          .map(({ to, word }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === first, includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {word}
            </Link>
          ))}
      </nav>
      {children}
    </div>
  );
}

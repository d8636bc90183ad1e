// A region that scrolls sideways when it must: only then it takes the focus, so that a keyboard can scroll it, and only then
// the heads of its table are carried along below the top bar (a box that scrolls would hold sticky heads in itself).
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';

interface ScrollBoxProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function ScrollBox({ label, className = 'table-wrap', children }: ScrollBoxProps) {
  const box = useRef<HTMLElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setScrolls(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  useCarriedHeads(box, scrolls);
  return (
    <section
      ref={box}
      className={scrolls ? `${className} scrolls` : className}
      aria-label={label}
      {...(scrolls ? { tabIndex: 0 } : {})}
    >
      {children}
    </section>
  );
}

function useCarriedHeads(box: RefObject<HTMLElement | null>, scrolls: boolean): void {
  useEffect(() => {
    const element = box.current;
    const table = element?.querySelector<HTMLTableElement>(':scope > table');
    const heads = table?.tHead;
    if (!element || !table || !heads || !scrolls) return;
    const carry = () => {
      const bar = document.querySelector('.shell-top')?.getBoundingClientRect().bottom ?? 0;
      const { top, height } = table.getBoundingClientRect();
      const down = Math.min(Math.max(0, bar - top), height - heads.offsetHeight);
      heads.style.transform = down > 0 ? `translateY(${down}px)` : '';
    };
    carry();
    addEventListener('scroll', carry, { passive: true });
    addEventListener('resize', carry);
    return () => {
      removeEventListener('scroll', carry);
      removeEventListener('resize', carry);
      heads.style.transform = '';
    };
  }, [box, scrolls]);
}

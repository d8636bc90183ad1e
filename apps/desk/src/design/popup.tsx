// A button with a panel that floats below it: closes on Escape, on a click outside, and when the focus leaves.
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import './popup.css';

interface PopupProps {
  readonly label: ReactNode;
  readonly title: string;
  readonly className?: string;
  readonly align?: 'left' | 'right';
  readonly children: (close: () => void) => ReactNode;
}

export function Popup({ label, title, className = 'button quiet', align = 'right', children }: PopupProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', onEscape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', onEscape);
    };
  }, [open]);

  return (
    <div className="popup" ref={box}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-expanded={open}
        aria-controls={id}
        title={title}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open && (
        <section id={id} className={`popup-panel ${align}`} aria-label={title}>
          {children(() => setOpen(false))}
        </section>
      )}
    </div>
  );
}

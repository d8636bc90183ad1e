// Short words after an act, with undo where the act can be undone; read out by screen readers, gone by themselves.
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../design/icon.tsx';
import './toast.css';

interface Toast {
  readonly id: number;
  readonly words: string;
  readonly tone: 'plain' | 'late';
  readonly undo?: () => void;
}

export interface ToastOptions {
  readonly tone?: Toast['tone'];
  readonly undo?: () => void;
}

type Show = (words: string, options?: ToastOptions) => void;

const ToastContext = createContext<Show>(() => undefined);
const STAY_MS = 6_000;
const STAY_UNDO_MS = 12_000;
let nextId = 1;

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const drop = useCallback((id: number) => setToasts((old) => old.filter((toast) => toast.id !== id)), []);
  const show = useCallback<Show>(
    (words, options = {}) => {
      const toast: Toast = { id: nextId++, words, tone: 'plain', ...options };
      setToasts((old) => [...old.slice(-1), toast]);
      setTimeout(() => drop(toast.id), options.undo ? STAY_UNDO_MS : STAY_MS);
    },
    [drop],
  );
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts no-print" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast ${toast.tone}`}>
            <Icon name={toast.tone === 'late' ? 'alert' : 'check'} size={16} />
            <span className="grow">{toast.words}</span>
            {toast.undo && (
              <button
                type="button"
                className="button quiet"
                onClick={() => {
                  toast.undo?.();
                  drop(toast.id);
                }}
              >
                {t('act.undo')}
              </button>
            )}
            <button type="button" className="button quiet icon" onClick={() => drop(toast.id)}>
              <Icon name="close" size={16} />
              <span className="sr">{t('act.close')}</span>
            </button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}

export const useToast = (): Show => useContext(ToastContext);

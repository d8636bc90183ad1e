// The server's time as the desk counts it on: a demo system may live in another year than the device.
import { useEffect, useState } from 'react';
import { useSystem } from '../app/system.ts';

const TICK_MS = 30_000;
let aheadMs: number | null = null;

/** Milliseconds now on the server's clock, renewed twice a minute. */
export function useNow(): number {
  const system = useSystem();
  if (system && aheadMs === null) aheadMs = Date.parse(system.now) - Date.now();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return Date.now() + (aheadMs ?? 0);
}

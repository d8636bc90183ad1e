// A page that broke, mostly because a part of it could not be fetched: what happened, and the way to try again.
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { Unreachable } from '../api/client.ts';
import { Failed } from '../design/loaded.tsx';

/** Parts of the desk that do not arrive are weather, all else is a fault of the desk. */
const isWeather = (error: unknown): boolean =>
  error instanceof TypeError && /import|fetch|module/i.test(error.message);

export function PageFault({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const { reset: forget } = useQueryErrorResetBoundary();
  const again = () => {
    forget();
    if (isWeather(error)) location.reload();
    else reset();
  };
  return (
    <div className="page">
      <Failed error={isWeather(error) ? new Unreachable(error) : error} retry={again} />
    </div>
  );
}

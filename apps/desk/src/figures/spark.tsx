// A spark line: the shape of twelve months, missing months as gaps, the last value marked. The number stands beside it.

interface SparkProps {
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly height?: number;
}

const EDGE = 3;

export function Spark({ values, width = 120, height = 32 }: SparkProps) {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return <span className="spark-none" style={{ width, height }} />;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (index: number) => EDGE + (index * (width - 2 * EDGE)) / Math.max(1, values.length - 1);
  const y = (value: number) =>
    high === low ? height / 2 : height - EDGE - ((value - low) * (height - 2 * EDGE)) / (high - low);
  const runs: string[] = [];
  let run: string[] = [];
  for (const [index, value] of values.entries()) {
    if (value !== null) run.push(`${x(index).toFixed(1)} ${y(value).toFixed(1)}`);
    else if (run.length > 0) {
      runs.push(run.join(' L'));
      run = [];
    }
  }
  if (run.length > 0) runs.push(run.join(' L'));
  const last = values.findLastIndex((value) => value !== null);
  return (
    <svg
      className="spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      {runs.map((points) => (
        <path key={points} d={`M${points}`} fill="none" stroke="currentColor" strokeWidth="1.5" />
      ))}
      <circle cx={x(last)} cy={y(values[last]!)} r="2.5" fill="currentColor" />
    </svg>
  );
}

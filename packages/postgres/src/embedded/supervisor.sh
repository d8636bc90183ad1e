# Stops the database when the last process that needs it is gone, however that process ended. Starts nothing.
# $1 is the run folder, $2 PostgreSQL's data folder. Every process that uses the database keeps $1/hold open for
# writing; the kernel closes it for a process that was killed. Reading therefore ends when the last holder is gone.
trap '' INT HUP TERM
run=$1
data=$2
exec 3<"$run/hold"
while :; do
  # A builtin, not a child: a child would go on reading, unseen, after this shell was killed.
  while read -r _ <&3; do :; done
  # Newcomers first open the hold, then look for this mark; we first set the mark, then read again. One of the two sees
  # the other, so nobody is left holding a database that is being stopped.
  : >"$run/stopping"
  timeout 1 cat <&3 >/dev/null && break
  rm -f "$run/stopping"
done

server() {
  pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null)
  [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$data" ]
}
# A holder may have died in the middle of starting the server: give it the moment it needs to write its number.
server || { sleep 1; server; } && {
  kill -INT "$pid"
  waited=0
  while [ "$(readlink "/proc/$pid/cwd")" = "$data" ]; do
    sleep 0.05
    waited=$((waited + 1))
    [ "$waited" = 600 ] && kill -QUIT "$pid"
    [ "$waited" = 700 ] && kill -KILL "$pid"
  done
}
rm -f "$run/hold" "$run/stopping"

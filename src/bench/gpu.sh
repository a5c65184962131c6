#!/usr/bin/env bash
# Trains the reference model at three sizes, one of them in bfloat16 too, on CPUs and on a GPU, and compares them.
# Needs a JDK 17, NVIDIA's driver (its nvidia-smi is on the PATH then) and the target/ that
# `mvn package -Pgpu -DskipTests` makes.
#
#   src/bench/gpu.sh [--gpu INDEX] [--cpu-only] [--small] [TARGET]
#
#   --gpu INDEX   which GPU, as nvidia-smi counts them; 0 by default
#   --cpu-only    without a GPU
#   --small       few small steps, to see that it runs
set -euo pipefail

gpu=0 cpu_only=false small=false target=
while (($#)); do
  case $1 in
    --gpu) gpu=$2; shift ;;
    --cpu-only) cpu_only=true ;;
    --small) small=true ;;
    -*) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
    *) target=$1 ;;
  esac
  shift
done
cd "$(dirname "$0")/../.."
target=${target:-target}
[[ -d $target/classes && -d $target/lib ]] || {
  echo "$target has no classes/ and lib/: run mvn package -Pgpu -DskipTests" >&2; exit 2; }
$cpu_only || command -v nvidia-smi >/dev/null || {
  echo "nvidia-smi is not on the PATH: install NVIDIA's driver, or measure with --cpu-only" >&2; exit 2; }

out=$(mktemp -d)
trap 'kill "${sampler:-}" 2>/dev/null || true; rm -rf "$out"' EXIT

bench() { # options of TrainingThroughput
  java -Xmx4g -cp "$target/classes:$target/lib/*" \
    src/bench/java/io/freshet/model/tensorflow/TrainingThroughput.java "$@"
}

# Samples the GPU five times a second into a file: share of time in kernels (%), memory in use (MiB).
sample() {
  nvidia-smi --id="$gpu" --query-gpu=utilization.gpu,memory.used --format=csv,noheader,nounits \
    --loop-ms=200 >"$1" &
  sampler=$!
}

placement() { # options
  bench placement=true "$@" >"$out/placement" 2>"$out/errors" || { cat "$out/errors" >&2; exit 1; }
  grep -oE '^[^ ]+: \([A-Za-z0-9]+\): /job:[^ ]*' "$out/placement" | sort -u |
    awk '{sub(/.*device:/, "", $3); operations[$3]++; if ($2 ~ /MatMul/) products[$3]++}
      END {for (d in operations) printf "  placement  %d operations on %s, %d of them matrix products\n", operations[d], d, products[d]}'
}

measure() { # name of the size, steps on CPUs, steps on the GPU, options
  local name=$1 cpu_steps=$2 gpu_steps=$3 on_cpu on_gpu; shift 3
  if $small; then cpu_steps=2 gpu_steps=2; fi
  echo "$name: $*"
  bench "$@" warm-up=1 steps="$cpu_steps" >"$out/cpu" 2>"$out/errors" || { cat "$out/errors" >&2; exit 1; }
  on_cpu=$(awk '/targets\/s/ {print $1}' "$out/cpu")
  echo "  cpu        $(tail -1 "$out/cpu")"
  if $cpu_only; then placement "$@"; return; fi
  placement "$@" gpu="$gpu"
  sample "$out/samples"
  bench "$@" warm-up=5 steps="$gpu_steps" gpu="$gpu" >"$out/gpu" 2>"$out/errors" || { cat "$out/errors" >&2; exit 1; }
  kill "$sampler" && wait "$sampler" 2>/dev/null || true
  on_gpu=$(awk '/targets\/s/ {print $1}' "$out/gpu")
  echo "  gpu $gpu      $(tail -1 "$out/gpu")"
  # the process is at its steps from the first half of its samples with a busy GPU on
  awk -F', ' '$1 > 0 {busy[++n] = $1} $2 > peak {peak = $2}
    END {for (i = int(n / 2) + 1; i <= n; i++) sum += busy[i];
      printf "  kernels    %.0f %% of the time, peak memory %d MiB (all processes)\n", n ? sum / (n - int(n / 2)) : 0, peak}' \
    "$out/samples"
  awk -v cpu="$on_cpu" -v gpu="$on_gpu" 'BEGIN {printf "  ratio      %.1f times the CPUs\n", gpu / cpu}'
}

echo "cores: $(nproc), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)"
$cpu_only || nvidia-smi --id="$gpu" --query-gpu=index,name,memory.total,driver_version --format=csv,noheader

large_batch=1024 layers_batch=256
if $small; then large_batch=8 layers_batch=2; fi
measure "64 wide" 50 500 width=64 blocks=2 heads=2 batch=$((large_batch / 8)) candidates=256
measure "256 wide" 4 100 width=256 blocks=4 heads=4 batch="$large_batch" candidates=1024
measure "256 wide, bfloat16" 4 100 width=256 blocks=4 heads=4 batch="$large_batch" candidates=1024 precision=bfloat16
measure "2 unfrozen encoder layers" 4 100 width=64 blocks=2 heads=2 batch="$layers_batch" candidates=256 layers=2 items=2000

#!/usr/bin/env bash
# A sweep as an array of SLURM jobs, each of which does its share of one store. Send it from a folder that all nodes see:
#
#     sbatch --array=1-20 clusters/slurm_array.sh DESIGN runs.zarr [STUDY]
#
# A job that was stopped goes on with the same line; so does the whole array. No job waits for another.
#SBATCH --job-name=xiancheng
#SBATCH --cpus-per-task=8
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --output=xiancheng-%A-%a.log
set -euo pipefail

design=${1:?a design: its id or a TOML file}
store=${2:?the folder of the results}

# The environment with xiancheng, on the shared disk: python -m venv VENV; VENV/bin/pip install -c constraints.txt '.[sweep]'
if [ -n "${XIANCHENG_VENV:-}" ]; then . "$XIANCHENG_VENV/bin/activate"; fi

# What is compiled is kept by kind of processor: nodes of a kind that share this folder compile once between them.
export XIANCHENG_CACHE=${XIANCHENG_CACHE:-$PWD/.xiancheng_cache}

# Shares are counted from 1, whatever the array is counted from.
first=${SLURM_ARRAY_TASK_MIN:-1}
xiancheng sweep "$design" -o "$store" ${3:+--study "$3"} \
    --part "$((SLURM_ARRAY_TASK_ID - first + 1))/$SLURM_ARRAY_TASK_COUNT"

"""A sweep on SLURM by Dask: jobs come and go, each takes the next block. It runs where jobs can be sent from.

    pip install dask-jobqueue
    python clusters/slurm_dask.py DESIGN runs.zarr --jobs 20 --cores 8 --time 04:00:00

Study, store and environment lie on a disk that all nodes see. The same line goes on where it stopped.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from dask_jobqueue import SLURMCluster


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("design", help="id of a design, or a TOML file")
    parser.add_argument("store", help="folder of the results")
    parser.add_argument("--study", help="folder of the study, where it is not the one shipped or around")
    parser.add_argument("--jobs", type=int, default=10, help="jobs at once")
    parser.add_argument("--cores", type=int, default=8, help="cores of a job; a block takes all of them")
    parser.add_argument("--memory", default="8GB", help="memory of a job")
    parser.add_argument("--time", default="04:00:00", help="longest time of a job")
    parser.add_argument("--partition", help="where jobs are sent")
    parser.add_argument("--show", action="store_true", help="print the script of a job and stop")
    return parser.parse_args()


def main() -> int:
    """Start the cluster, do the sweep on it, and return the exit code of the sweep."""
    wish = arguments()
    cache = Path(".xiancheng_cache").resolve()
    # One thread a worker: a block takes all cores of its process, which the job has reserved.
    cluster = SLURMCluster(
        cores=1, processes=1, job_cpu=wish.cores, memory=wish.memory, walltime=wish.time, queue=wish.partition,
        python=sys.executable, job_script_prologue=[f"export XIANCHENG_CACHE={cache}"],
    )
    with cluster:
        if wish.show:
            print(cluster.job_script())
            return 0
        cluster.scale(jobs=wish.jobs)
        command = [sys.executable, "-m", "xiancheng", "sweep", wish.design, "-o", wish.store,
                   "--dask", cluster.scheduler_address, *(["--study", wish.study] if wish.study else [])]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

"""Where does the time of a training step go? The operators of forward pass, backward pass and Adam, by their own time.

python benchmarks/step_profile.py recipes/translate.yaml head.input_feeding=true
python benchmarks/step_profile.py recipes/pos.yaml --threads 2
"""

import argparse
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile

from seqtasks.recipe import load_recipe
from seqtasks.tasks import task_class
from seqtasks.tasks.rows import load_rows

PRODUCTS = ("mm", "addmm", "bmm", "baddbmm", "matmul", "linear", "mkldnn_rnn_layer", "mkldnn_rnn_layer_backward")


def main() -> None:
    """Profile some steps and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("overrides", nargs="*")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=10)
    arguments = parser.parse_intermixed_args()
    torch.set_num_threads(arguments.threads)
    recipe = load_recipe(arguments.recipe, arguments.overrides)
    kind = task_class(recipe)
    rows, _ = load_rows(kind, recipe)
    task = kind.fit(recipe, rows["train"])
    examples = task.encode(rows["train"], training=True)
    batches = [task.collate(examples, rows) for rows in task.training_batches(examples, 0)[: 2 * arguments.steps]]
    if len(batches) < 2 * arguments.steps:
        parser.error(f"--steps {arguments.steps}: an epoch has {len(batches)} batches; expected twice as many as steps")
    model = task.build().train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)

    def step(batch: object) -> None:
        output = model(batch)
        (output.loss_sum / output.count).backward()
        optimizer.step()
        optimizer.zero_grad()

    for batch in batches[: arguments.steps]:
        step(batch)
    with profile(activities=[ProfilerActivity.CPU]) as measured:
        for batch in batches[arguments.steps :]:
            step(batch)
    events = measured.key_averages()
    total = sum(event.self_cpu_time_total for event in events)
    print(f"\n{arguments.recipe.name} {' '.join(arguments.overrides)}; {arguments.threads} thread(s)\n")
    products = sum(event.self_cpu_time_total for event in events if event.key.removeprefix("aten::") in PRODUCTS)
    print(f"{products / total:.0%} are matrix products and recurrent layers\n")
    print("| operator | share | calls a step |\n|---|---|---|")
    for event in sorted(events, key=lambda event: -event.self_cpu_time_total)[:14]:
        name, share = event.key.removeprefix("aten::"), event.self_cpu_time_total / total
        print(
            f"| {name}{' (products)' if name in PRODUCTS else ''} | {share:.0%} | {event.count / arguments.steps:.0f} |"
        )


if __name__ == "__main__":
    main()

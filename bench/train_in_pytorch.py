"""Trains Hugging Face's CLIP in PyTorch, eager float32, on random pairs: the peer of the training benchmarks.

    python train_in_pytorch.py < {"config": a config.json, "batch": 32, "length": 77, "steps": 3, "threads": 2}

Prints {"seconds": of one step, median, "gigabytes": peak memory, "version": PyTorch's}. Two steps are not counted.
"""

import json
import resource
import sys
import time

import torch
import transformers

job = json.load(sys.stdin)
torch.set_num_threads(job["threads"])
config = transformers.CLIPConfig.from_dict(job["config"])
model = transformers.CLIPModel(config).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.2, fused=True)
size, vocabulary = config.vision_config.image_size, config.text_config.vocab_size
images = torch.randn(job["batch"], 3, size, size)
tokens = torch.randint(0, vocabulary - 2, (job["batch"], job["length"]))
tokens[:, -1] = vocabulary - 1

seconds = []
for _ in range(2 + job["steps"]):
    began = time.perf_counter()
    optimizer.zero_grad()
    loss = model(input_ids=tokens, pixel_values=images, return_loss=True).loss
    loss.backward()
    optimizer.step()
    loss.item()
    seconds.append(time.perf_counter() - began)
counted = sorted(seconds[2:])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps({"seconds": counted[len(counted) // 2], "gigabytes": peak, "version": torch.__version__}))

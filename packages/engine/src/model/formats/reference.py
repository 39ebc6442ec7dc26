"""Embeds the pairs given on standard input with a library's own loading of a checkpoint directory.

    python reference.py transformers|open_clip DIRECTORY < pairs.json > embeddings.json

Pairs are {"pixels": [n][height][width][3] of 0 to 255, "captions": [n], "tokens": [n][context]}; the tokens are for
open_clip, which would take its own vocabulary. Answers {"images": [n][d], "texts": [n][d], "versions"}, rows of length one.
"""

import json
import sys

import torch
from torch.nn.functional import normalize


def of_transformers(directory, pairs):
    import numpy
    import transformers

    model = transformers.CLIPModel.from_pretrained(directory, local_files_only=True).eval()
    tokenizer = transformers.CLIPTokenizer.from_pretrained(directory, local_files_only=True)
    processor = transformers.CLIPImageProcessor.from_pretrained(directory, local_files_only=True)
    pixels = [numpy.array(image, dtype=numpy.uint8) for image in pairs["pixels"]]
    images = processor(pixels, return_tensors="pt", input_data_format="channels_last")
    texts = tokenizer(pairs["captions"], padding="max_length", truncation=True, return_tensors="pt",
                      max_length=model.config.text_config.max_position_embeddings)
    found = model(input_ids=texts["input_ids"], pixel_values=images["pixel_values"])
    return found.image_embeds, found.text_embeds, transformers.__version__


def of_open_clip(directory, pairs):
    import open_clip

    model = open_clip.create_model(f"local-dir:{directory}", load_weights=True).eval()
    with open(f"{directory}/open_clip_config.json") as file:
        preprocess = json.load(file)["preprocess_cfg"]
    pixels = (torch.tensor(pairs["pixels"]) / 255 - torch.tensor(preprocess["mean"])) / torch.tensor(preprocess["std"])
    images = model.encode_image(pixels.permute(0, 3, 1, 2))
    texts = model.encode_text(torch.tensor(pairs["tokens"]))
    return images, texts, open_clip.__version__


library, directory = sys.argv[1:]
with torch.no_grad():
    embed = {"transformers": of_transformers, "open_clip": of_open_clip}[library]
    images, texts, version = embed(directory, json.load(sys.stdin))
    rows = {"images": normalize(images, dim=-1).tolist(), "texts": normalize(texts, dim=-1).tolist()}
print(json.dumps({**rows, "versions": {library: version, "torch": torch.__version__}}))

"""Event data that compresses as real data does: orders and messages, each another one, the same in every run."""
import json
import random

SEED = 20_250_101
NAMES = ["Anna", "Bruno", "Chloé", "Dmitri", "Elif", "Farid", "Grace", "Henrik", "Inès", "Jürgen", "Kofi", "Lucía", "Mei",
         "Noah", "Olga", "Priya"]
CITIES = ["Lisbon", "Oslo", "Kraków", "Nairobi", "Austin", "Osaka", "Zürich", "Lima", "Cork", "Pune"]
GOODS = ["desk lamp", "notebook", "bicycle bell", "kettle", "wool scarf", "keyboard", "garden hose", "picture frame",
         "travel mug", "backpack", "tea towel", "screwdriver set"]
STATES = ["placed", "paid", "packed", "shipped", "returned"]
WORDS = ("the and to of a in is it you that for on with as this was be are have at not but we can all your more when will "
         "one about how up out time so some they what who get if like my than first been call its now find long down day "
         "did come made may part over new sound take only little work know place year live back give most very after "
         "thing our just name good sentence man think say great where help through much before line right too mean old "
         "any same tell boy follow came want show also around form three small set put end does another well large must "
         "big even such because turn here why ask went men read need land different home us move try kind hand picture "
         "again change off play spell air away animal house point page letter mother answer found study still learn").split()
WEIGHTS = [1 / (rank + 2) for rank in range(len(WORDS))]  # common words are common


def item(source):
    return {"sku": f"{source.choice('ABCDEFGH')}{source.randrange(10_000, 99_999)}", "name": source.choice(GOODS),
            "quantity": source.randint(1, 9), "price": round(source.uniform(2, 300), 2)}


def text_of(document):
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def document(source, number, size):
    """A JSON object of exactly `size` bytes in UTF-8, 64 at least, which no other number has."""
    made = {"id": 700_000 + number, "user": source.choice(NAMES), "text": ""}
    if size >= 400:
        made |= {"state": source.choice(STATES), "city": source.choice(CITIES), "total": round(source.uniform(5, 2_000), 2),
                 "at": f"2025-{source.randint(1, 12):02}-{source.randint(1, 28):02}T{source.randint(0, 23):02}:"
                       f"{source.randint(0, 59):02}:{source.randint(0, 59):02}Z",
                 "items": []}
        while len(text_of(made).encode()) < size * 0.6:
            made["items"].append(item(source))
    missing = size - len(text_of(made).encode())
    if missing < 0:
        raise ValueError(f"no document of {size} bytes")
    made["text"] = " ".join(source.choices(WORDS, WEIGHTS, k=missing // 2 + 1))[:missing]
    return text_of(made)


def documents(count, size):
    source = random.Random(SEED + size)
    return [document(source, number, size) for number in range(count)]

/** What emoji-PASCAL can draw: the 20 PASCAL VOC classes, and some 700 other things that all four icon sets share. */
import table from "./concepts.json" with { type: "json" };

/** One icon (a name that all four sets know) and the words people use for it, the plainest first. */
export interface Drawing {
	readonly icon: string;
	readonly nouns: readonly string[];
}

/** A thing with one or more drawings of it. */
export interface Concept {
	readonly name: string;
	/** Whether its nouns are plural ("scissors"), so that no article may stand before them. */
	readonly many: boolean;
	readonly drawings: readonly Drawing[];
}

function pascalClass(name: string, drawings: Readonly<Record<string, readonly string[]>>): Concept {
	return { name, many: false, drawings: Object.entries(drawings).map(([icon, nouns]) => ({ icon, nouns })) };
}

/** The classes of PASCAL VOC in alphabetical order, which is their class index. */
export const pascalClasses: readonly Concept[] = [
	pascalClass("aeroplane", {
		airplane: ["aeroplane", "plane", "jet"],
		"small-airplane": ["aeroplane", "plane", "light aircraft"],
	}),
	pascalClass("bicycle", { bicycle: ["bicycle", "bike", "push bike"] }),
	pascalClass("bird", { bird: ["bird", "songbird", "perching bird"], parrot: ["bird", "parrot", "tropical bird"] }),
	pascalClass("boat", {
		sailboat: ["boat", "sailboat", "sailing boat"],
		"motor-boat": ["boat", "motorboat", "cabin cruiser"],
	}),
	pascalClass("bottle", {
		"bottle-with-popping-cork": ["bottle", "wine bottle", "champagne bottle"],
		"lotion-bottle": ["bottle", "plastic bottle", "lotion bottle"],
	}),
	pascalClass("bus", { bus: ["bus", "coach", "city bus"], "oncoming-bus": ["bus", "coach", "city bus"] }),
	pascalClass("car", {
		automobile: ["car", "automobile", "passenger car"],
		"sport-utility-vehicle": ["car", "automobile", "family car"],
	}),
	pascalClass("cat", { cat: ["cat", "kitty", "house cat"], "cat-face": ["cat", "kitty", "cat face"] }),
	pascalClass("chair", { chair: ["chair", "wooden chair", "kitchen chair"], seat: ["chair", "seat", "padded chair"] }),
	pascalClass("cow", { cow: ["cow", "farm cow", "grazing cow"], "cow-face": ["cow", "dairy cow", "cow face"] }),
	pascalClass("diningtable", { "fork-and-knife-with-plate": ["dining table", "dinner table", "table setting"] }),
	pascalClass("dog", { dog: ["dog", "puppy", "hound"], "dog-face": ["dog", "puppy", "dog face"] }),
	pascalClass("horse", { horse: ["horse", "pony", "brown horse"], "horse-face": ["horse", "pony", "horse head"] }),
	pascalClass("motorbike", {
		motorcycle: ["motorbike", "motorcycle", "racing motorbike"],
		"motor-scooter": ["motorbike", "motor scooter", "moped"],
	}),
	pascalClass("person", {
		"person-standing": ["person", "standing person", "human"],
		"man-standing": ["person", "man", "standing man"],
		"woman-standing": ["person", "woman", "standing woman"],
	}),
	pascalClass("pottedplant", { "potted-plant": ["potted plant", "houseplant", "plant in a pot"] }),
	pascalClass("sheep", { ewe: ["sheep", "ewe", "woolly sheep"], ram: ["sheep", "ram", "horned sheep"] }),
	pascalClass("sofa", { "couch-and-lamp": ["sofa", "couch", "settee"] }),
	pascalClass("train", {
		locomotive: ["train", "steam train", "locomotive"],
		train: ["train", "railway train", "passenger train"],
	}),
	pascalClass("tvmonitor", {
		television: ["television", "TV set", "TV"],
		"desktop-computer": ["monitor", "computer monitor", "desktop computer"],
	}),
];

function otherConcepts(group: Readonly<Record<string, string>>, many: boolean): Concept[] {
	return Object.entries(group).map(([icon, noun]) => ({ name: icon, many, drawings: [{ icon, nouns: [noun] }] }));
}

/** Everything else, each with one drawing and one noun. */
export const otherThings: readonly Concept[] = [...otherConcepts(table.one, false), ...otherConcepts(table.many, true)];

export const allConcepts: readonly Concept[] = [...pascalClasses, ...otherThings];

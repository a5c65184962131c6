package io.freshet.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Records as a hostile or broken producer would write them: first bent in their structure (fields
 * dropped, repeated, renamed, of another type, poisoned; another topic's record), then in their
 * bytes (cut, flipped, doubled, not UTF-8, followed by garbage). About every third is left as it
 * should be. The same seed gives the same records.
 */
public final class RecordFuzzer {

    /** The job's input topics, by what they carry. */
    public enum Topic {
        INTERACTIONS,
        ITEMS,
        REQUESTS,
        CONTROLS,
        USERS;

        /** The topic's name in the job's default configuration. */
        public String topic() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Options that declare the attributes which the records have. */
    public static final List<String> ATTRIBUTE_OPTIONS =
            List.of(
                    "--attributes.context",
                    "device:category,position:number",
                    "--attributes.items",
                    "price:number,tags:categories,released:date",
                    "--attributes.users",
                    "country:category,age:number");

    /** The names of those attributes. */
    public static final Set<String> ATTRIBUTES =
            Set.of("device", "position", "price", "tags", "released", "country", "age");

    /**
     * A record to be sent.
     *
     * @param timestamp the broker's record time, milliseconds since the epoch
     * @param sound whether it was left as it should be, and has to be understood
     */
    public record Fuzzed(
            byte @Nullable [] key, byte @Nullable [] value, long timestamp, boolean sound) {}

    private static final int USERS = 300;
    private static final int ITEMS = 100;
    private static final int MEBIBYTE = 1 << 20;
    private static final int ONE_IN_THIS_MANY_IS_HUGE = 5_000;

    private static final List<String> POISON =
            List.of(
                    "null",
                    "true",
                    "0",
                    "-0.0",
                    "-1",
                    "1e400",
                    "-1e39",
                    "3.4e38",
                    "1e-46",
                    "NaN",
                    "-Infinity",
                    "Infinity",
                    "[]",
                    "{}",
                    "\"\"",
                    "\" \"",
                    "\"\\u0000\"",
                    "\"a\\u0000b\"",
                    "\"\\u001b[31m\"",
                    "\"\\ud83d\"",
                    "\"\\ude00\\ud83d\"",
                    "\"\\ud83d\\ude00\"",
                    "\"\u202eevil\u202c\"",
                    "\"\u2066x\u2069\u200b\ufeff\"",
                    "\"\u2028\u2029\"",
                    "\"e\u0301\u0301\u0301\"",
                    "\"' OR 1=1; --\"",
                    "\"${jndi:ldap://127.0.0.1/x}\"",
                    "\"../../etc/passwd\"",
                    "\"NaN\"",
                    "\"ok\"",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "18446744073709551616",
                    "1700000000000",
                    "1700000000000.0",
                    "1.7e12",
                    "[[[[1]]]]",
                    "{\"a\":[1,2]}",
                    "{\"a\":[1,null]}",
                    "{\"image\":[1e39,0]}",
                    "{\"image\":[3e38,3e38]}",
                    "{\"image\":[0,0]}",
                    "{\"image\":[1,2,3]}",
                    "{\"\":[0]}",
                    "{\"image\":[1,2],\"image\":[3,4]}",
                    "[\"a\",\"b\"]",
                    "[\"a\",2]",
                    "\"forget-user\"",
                    "\"forget-user\\u0000\"",
                    "\"" + "x".repeat(300) + "\"",
                    "\"" + "\ud83d\ude00".repeat(300) + "\"",
                    "[".repeat(70) + "]".repeat(70),
                    "{\"a\":".repeat(70) + "0" + "}".repeat(70),
                    "9".repeat(1_200),
                    "0." + "1".repeat(1_200),
                    "0x1F",
                    "'a'",
                    "\"\\x\"",
                    "\"\t\"",
                    "\"a",
                    "+1",
                    ".5",
                    "1.",
                    "01",
                    "undefined",
                    "/* no */ 1");

    private static final List<String> POISON_NAMES =
            List.of(
                    "",
                    "User_Id",
                    "user_id\\u0000",
                    "\\ud800",
                    "\u202eresu",
                    "__proto__",
                    "rating");

    private static final List<String> BAD_VERSIONS =
            List.of("9223372036854775808", "-1", "0", "1.5", "1.0", "1e3", "\"1\"", "null");

    private static final List<String> REQUEST_KINDS =
            List.of("personal", "similar-items", "popular", "next-in-session");

    private static final List<String> TRAINING_KINDS =
            List.of("rollback", "pause", "resume", "train-now");

    private static final List<byte[]> NOT_UTF8 =
            List.of(
                    new byte[] {(byte) 0xff},
                    new byte[] {(byte) 0xc0, (byte) 0xaf},
                    new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                    new byte[] {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                    new byte[] {(byte) 0xe2, (byte) 0x82},
                    new byte[] {0});

    private final SplittableRandom random;
    private final long start;
    private final long step;
    private long made;

    /**
     * @param seed gives the same records again
     * @param start event time of the first record, milliseconds since the epoch
     * @param step milliseconds of event time from a record to the next
     */
    public RecordFuzzer(long seed, long start, long step) {
        this.random = new SplittableRandom(seed);
        this.start = start;
        this.step = step;
    }

    /** The next record for a topic. */
    public Fuzzed next(Topic topic) {
        made++;
        if (random.nextInt(ONE_IN_THIS_MANY_IS_HUGE) == 0) {
            return new Fuzzed(key(), huge(topic), time(), false);
        }
        if (random.nextInt(3) == 0) {
            return new Fuzzed(key(), utf8(json(fields(topic))), time(), true);
        }
        return new Fuzzed(oddKey(), bentBytes(bentJson(topic)), time(), false);
    }

    private List<Field> fields(Topic topic) {
        return new ArrayList<>(
                switch (topic) {
                    case INTERACTIONS -> interaction();
                    case ITEMS -> item();
                    case REQUESTS -> request();
                    case CONTROLS -> control();
                    case USERS -> user();
                });
    }

    /** One in twenty has the event id of another one. */
    private List<Field> interaction() {
        long event = random.nextInt(20) == 0 ? random.nextLong(made) : made;
        return List.of(
                new Field("event_id", text("e" + event)),
                new Field("user_id", text("u" + event % USERS)),
                new Field("item_id", text("i" + random.nextInt(ITEMS))),
                new Field("event_type", text(eventType())),
                new Field("rating", String.valueOf(random.nextInt(1, 11) / 2.0)),
                new Field("device", text("d" + random.nextInt(1_000_000))),
                new Field("position", String.valueOf(random.nextInt(-1, 20))),
                new Field("timestamp_ms", String.valueOf(eventTime())));
    }

    /** One in ten was only shown, and as many are returned and looked at. */
    private String eventType() {
        return switch (random.nextInt(10)) {
            case 0 -> "impression";
            case 1 -> "return";
            case 2 -> "look";
            default -> "click";
        };
    }

    private List<Field> item() {
        int item = random.nextInt(ITEMS);
        return List.of(
                new Field("item_id", text("i" + item)),
                new Field("title", text("Item " + item)),
                new Field("description", text("\u202bbidi\u202c and \ud83d\udc5f")),
                new Field("categories", "[\"c" + item % 7 + "\"]"),
                new Field("available", String.valueOf(random.nextInt(10) > 0)),
                new Field("price", String.valueOf(random.nextDouble() * 1e6)),
                new Field("released", text("2024-02-" + random.nextInt(10, 30))),
                new Field("tags", "[\"t" + item % 3 + "\",7,true]"),
                new Field("vectors", "{\"image\":[" + random.nextDouble() + ",0.2]}"),
                new Field("timestamp_ms", String.valueOf(eventTime())));
    }

    /** Some about users and items that nobody has heard of, some that leave nothing. */
    private List<Field> request() {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("request_id", text("r" + random.nextLong(made))));
        fields.add(new Field("kind", text(pick(REQUEST_KINDS))));
        fields.add(new Field("user_id", text("u" + random.nextInt(2 * USERS))));
        fields.add(new Field("item_id", text("i" + random.nextInt(2 * ITEMS))));
        fields.add(new Field("items", "[\"i" + random.nextInt(ITEMS) + "\",\"i0\"]"));
        fields.add(new Field("size", String.valueOf(random.nextInt(1, 101))));
        switch (random.nextInt(5)) {
            case 0 -> fields.add(new Field("only_items", "[\"i1\",\"i2\",\"nothing\"]"));
            case 1 -> fields.add(new Field("only_categories", "[\"c1\",\"c9\"]"));
            case 2 -> fields.add(new Field("exclude_categories", "[\"c1\",\"c2\"]"));
            case 3 -> fields.add(new Field("ranges", "{\"price\":{\"min\":5e5}}"));
            default -> fields.add(new Field("explain", "true"));
        }
        return fields;
    }

    private List<Field> user() {
        return List.of(
                new Field("user_id", text("u" + random.nextInt(USERS))),
                new Field("country", text("c" + random.nextInt(200))),
                new Field("age", String.valueOf(random.nextInt(120))),
                new Field("timestamp_ms", String.valueOf(eventTime())));
    }

    /**
     * One in five is about training, or the job would do little else. Of those that forget a user
     * one in ten is about one who is there, or most of what comes would be forgotten.
     */
    private List<Field> control() {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("control_id", text("c" + made)));
        fields.add(new Field("timestamp_ms", String.valueOf(eventTime())));
        String kind = random.nextInt(5) == 0 ? pick(TRAINING_KINDS) : "forget-user";
        fields.add(new Field("kind", text(kind)));
        if (kind.equals("forget-user")) {
            fields.add(new Field("user_id", text("u" + random.nextInt(10 * USERS))));
        } else if (kind.equals("rollback")) {
            fields.add(new Field("version", String.valueOf(version())));
        }
        return fields;
    }

    /** As often of one size as of another; few are versions that there are. */
    private long version() {
        return random.nextLong(1, 1L << random.nextInt(1, Long.SIZE - 1));
    }

    /** Some are out of order, and a few far behind. */
    private long eventTime() {
        long now = start + made * step;
        return switch (random.nextInt(50)) {
            case 0 -> now - random.nextLong(86_400_000);
            case 1, 2, 3, 4 -> now - random.nextLong(5_000);
            default -> now;
        };
    }

    private String bentJson(Topic topic) {
        Topic[] topics = Topic.values();
        boolean foreign = random.nextInt(12) == 0;
        List<Field> fields = fields(foreign ? topics[random.nextInt(topics.length)] : topic);
        for (int mutation = random.nextInt(4); mutation > 0; mutation--) {
            bend(fields);
        }
        return json(fields);
    }

    private void bend(List<Field> fields) {
        if (fields.isEmpty()) {
            return;
        }
        int place = random.nextInt(fields.size());
        Field field = fields.get(place);
        switch (random.nextInt(9)) {
            case 0 -> fields.remove(place);
            case 1 -> fields.add(new Field(field.name, poison()));
            case 2 -> fields.add(field);
            case 3 -> fields.set(place, new Field(pick(POISON_NAMES), field.value));
            case 4 -> fields.add(new Field("unknown" + random.nextInt(5), junk(4)));
            case 5 -> fields.set(place, new Field(field.name, junk(6)));
            case 6 -> fields.set(place, new Field(field.name, "[" + field.value + "]"));
            case 7 ->
                    fields.set(place, new Field(field.name, text(field.value.replace('"', '\''))));
            default -> fields.set(place, new Field(field.name, poison(field)));
        }
    }

    private String poison(Field field) {
        return field.name.equals("version") ? pick(BAD_VERSIONS) : poison();
    }

    private String poison() {
        return pick(POISON);
    }

    /** A value of any shape, at most so deep. */
    private String junk(int depth) {
        if (depth == 0) {
            return poison();
        }
        StringJoiner values;
        return switch (random.nextInt(4)) {
            case 0 -> {
                values = new StringJoiner(",", "[", "]");
                for (int i = random.nextInt(4); i > 0; i--) {
                    values.add(junk(depth - 1));
                }
                yield values.toString();
            }
            case 1 -> {
                values = new StringJoiner(",", "{", "}");
                for (int i = random.nextInt(4); i > 0; i--) {
                    values.add("\"k" + random.nextInt(3) + "\":" + junk(depth - 1));
                }
                yield values.toString();
            }
            default -> poison();
        };
    }

    private byte @Nullable [] bentBytes(String json) {
        byte[] bytes = utf8(json);
        int place = random.nextInt(bytes.length);
        return switch (random.nextInt(24)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> Arrays.copyOf(bytes, place);
            case 3 -> Arrays.copyOfRange(bytes, place, bytes.length);
            case 4 -> {
                bytes[place] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 5 -> join(Arrays.copyOf(bytes, place), pick(NOT_UTF8), from(bytes, place));
            case 6 -> join(bytes, from(bytes, place));
            case 7 -> join(bytes, utf8(poison()));
            case 8 -> json.getBytes(StandardCharsets.UTF_16);
            case 9 -> join(utf8("\ufeff"), bytes);
            case 10 -> join(utf8("["), bytes, utf8("]"));
            case 11 -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                yield noise;
            }
            case 12 -> utf8(" ".repeat(random.nextInt(50)));
            default -> bytes;
        };
    }

    /** What is as large as it is bad: an id, a record, a depth, a number of fields. */
    private byte[] huge(Topic topic) {
        List<Field> fields = fields(topic);
        String text = "x".repeat(MEBIBYTE - 512);
        switch (random.nextInt(5)) {
            case 0 -> fields.replaceAll(field -> field.isId() ? field.with(text(text)) : field);
            case 1 -> fields.add(new Field("note", text(text + text)));
            case 2 -> fields.add(new Field("deep", "[".repeat(100_000)));
            case 3 -> fields.add(new Field("number", "1".repeat(500_000)));
            default -> {
                for (int i = 0; i < 50_000; i++) {
                    fields.add(new Field("f" + i, "0"));
                }
            }
        }
        return utf8(json(fields));
    }

    private byte @Nullable [] key() {
        return utf8("i" + random.nextInt(ITEMS));
    }

    private byte @Nullable [] oddKey() {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> pick(NOT_UTF8);
            case 3 -> utf8("k".repeat(random.nextInt(400)));
            default -> key();
        };
    }

    private long time() {
        return switch (random.nextInt(50)) {
            case 0 -> 0;
            case 1 -> Long.MAX_VALUE;
            default -> start + made * step;
        };
    }

    private static String json(List<Field> fields) {
        StringJoiner json = new StringJoiner(",", "{", "}");
        fields.forEach(field -> json.add('"' + field.name + "\":" + field.value));
        return json.toString();
    }

    private static String text(String text) {
        return '"' + text + '"';
    }

    private static byte[] from(byte[] bytes, int place) {
        return Arrays.copyOfRange(bytes, place, bytes.length);
    }

    private static byte[] join(byte[]... parts) {
        byte[] joined = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int end = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, end, part.length);
            end += part.length;
        }
        return joined;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /**
     * @param value raw JSON, or what is to pass for it
     */
    private record Field(String name, String value) {

        boolean isId() {
            return name.endsWith("_id");
        }

        Field with(String other) {
            return new Field(name, other);
        }
    }
}

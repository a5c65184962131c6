package io.freshet.source.decode;

import static io.freshet.source.decode.TestingRecords.CLOCK;
import static io.freshet.source.decode.TestingRecords.LIMITS;
import static io.freshet.source.decode.TestingRecords.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.Attribute;
import io.freshet.event.CatalogItem;
import io.freshet.event.Control;
import io.freshet.event.DeadLetter;
import io.freshet.event.Interaction;
import io.freshet.event.Profile;
import io.freshet.event.TestingSchemas;
import io.freshet.event.query.ItemFilter;
import io.freshet.event.query.Query;
import io.freshet.testing.RecordFuzzer;
import io.freshet.testing.RecordFuzzer.Fuzzed;
import io.freshet.testing.RecordFuzzer.Topic;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Decoders and broken records. The long form, with a million records and through the running job as
 * well, is in the handbook under "Bad input".
 */
class DecoderFuzzTest {

    private static final int RECORDS = Integer.getInteger("freshet.fuzz.records", 100_000);
    private static final long SEED = Long.getLong("freshet.fuzz.seed", 20_261_121);
    private static final int AT_LEAST = RECORDS / 10;

    private static final Pattern REASON =
            Pattern.compile("\\P{Cntrl}+: found \\P{Cntrl}+, expected \\P{Cntrl}+");

    private final CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();

    /** In the order of {@link Topic}. */
    private final List<RecordDecoder<? extends Decoded<?>>> decoders =
            List.of(
                    new InteractionDecoder(LIMITS, CLOCK),
                    new CatalogItemDecoder(LIMITS, Map.of("image", 2), CLOCK),
                    new RequestDecoder(LIMITS, 100),
                    new ControlDecoder(LIMITS, CLOCK),
                    new UserDecoder(LIMITS, CLOCK));

    @Test
    void everyRecordIsEitherAnEventWithinItsBoundsOrADeadLetterWithAReason() {
        RecordFuzzer fuzzer = new RecordFuzzer(SEED, NOW, 0);
        Topic[] topics = Topic.values();
        List<String> faults = new ArrayList<>();
        int events = 0;
        for (int i = 0; i < RECORDS && faults.size() < 20; i++) {
            Topic topic = topics[i % topics.length];
            Fuzzed fuzzed = fuzzer.next(topic);
            RawRecord source =
                    new RawRecord(
                            topic.topic(), 0, i, fuzzed.timestamp(), fuzzed.key(), fuzzed.value());

            Decoded<?> decoded = decoders.get(topic.ordinal()).decode(source);

            String fault = fault(decoded, source, fuzzed.sound());
            if (!fault.isEmpty()) {
                faults.add(i + " of " + topic + ": " + fault);
            }
            events += decoded.event() == null ? 0 : 1;
        }
        assertThat(faults).isEmpty();
        // neither side of the decoders goes untried
        assertThat(events).isBetween(AT_LEAST, RECORDS - AT_LEAST);
    }

    /** What is wrong with an answer, empty if nothing; AssertJ is too slow for this many. */
    private String fault(Decoded<?> decoded, RawRecord source, boolean sound) {
        DeadLetter letter = decoded.deadLetter();
        if ((decoded.event() == null) == (letter == null)) {
            return "not exactly one of event and dead letter";
        }
        if (letter == null) {
            return fault(decoded);
        }
        return isSound(letter, source) && !sound ? "" : letter.toString();
    }

    private static boolean isSound(DeadLetter letter, RawRecord source) {
        int size = source.value() == null ? 0 : source.value().length;
        int kept = Math.min(size, LIMITS.maxDeadLetterBytes());
        return TestingSchemas.mayBeAtFault(letter.topic(), letter.field())
                && letter.reason().startsWith(letter.field() + ": ")
                && REASON.matcher(letter.reason()).matches()
                && letter.reason().length() < 600
                && letter.payloadSize() == size
                && letter.payload().length == kept
                && letter.payloadSha256().length() == (kept < size ? 64 : 0)
                && letter.offset() == source.offset();
    }

    private String fault(Decoded<?> decoded) {
        if (decoded.event() instanceof Query query) {
            return isBounded(query) ? "" : decoded.toString();
        }
        long timestamp = decoded.timestampOr(-1);
        boolean timely = timestamp >= 1_000 && timestamp <= NOW + 3_600_000;
        return timely && isBounded(decoded.event()) ? "" : decoded.toString();
    }

    private boolean isBounded(Query query) {
        ItemFilter filter = query.filter();
        return ids(query.requestId())
                && (query.userId().isEmpty() || ids(query.userId()))
                && query.size() >= 0
                && query.size() <= 100
                && Stream.of(
                                query.items(),
                                filter.onlyItems(),
                                filter.excludedItems(),
                                filter.onlyCategories(),
                                filter.excludedCategories())
                        .allMatch(list -> ids(list.toArray(String[]::new)));
    }

    private boolean isBounded(@Nullable Object event) {
        if (event instanceof Interaction it) {
            return ids(it.eventId(), it.userId(), it.itemId(), it.eventType())
                    && !Float.isInfinite(it.rating())
                    && areBounded(it.attributes());
        }
        if (event instanceof CatalogItem it) {
            return ids(it.itemId())
                    && ids(it.categories().toArray(String[]::new))
                    && texts(it.title(), it.description())
                    && it.vectors().values().stream().allMatch(this::finite)
                    && areBounded(it.attributes());
        }
        if (event instanceof Profile it) {
            return ids(it.id()) && areBounded(it.attributes());
        }
        return event instanceof Control it && ids(it.controlId()) && isWhole(it);
    }

    private boolean areBounded(List<Attribute> attributes) {
        return attributes.stream()
                .allMatch(
                        each ->
                                each.isNumber()
                                        ? Float.isFinite(each.number())
                                        : ids(each.category()));
    }

    /** Whether a control has exactly the fields of its kind. */
    private boolean isWhole(Control control) {
        return switch (control.kind()) {
            case FORGET_USER -> ids(control.userId()) && control.version() == 0;
            case ROLLBACK -> control.userId().isEmpty() && control.version() >= 1;
            case PAUSE, RESUME, TRAIN_NOW -> control.userId().isEmpty() && control.version() == 0;
        };
    }

    private boolean ids(String... ids) {
        return Stream.of(ids)
                .allMatch(
                        id ->
                                !id.isBlank()
                                        && id.codePointCount(0, id.length()) <= LIMITS.maxIdLength()
                                        && id.chars().noneMatch(Character::isISOControl)
                                        && utf8.canEncode(id));
    }

    private boolean texts(String... texts) {
        return Stream.of(texts)
                .allMatch(
                        text ->
                                text.codePointCount(0, text.length()) <= LIMITS.maxTextLength()
                                        && utf8.canEncode(text));
    }

    private boolean finite(float[] vector) {
        return vector.length > 0
                && IntStream.range(0, vector.length).allMatch(i -> Float.isFinite(vector[i]));
    }
}

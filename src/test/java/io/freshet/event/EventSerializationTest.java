package io.freshet.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.query.ItemFilter;
import io.freshet.event.query.NumberRange;
import io.freshet.event.query.Occasion;
import io.freshet.event.query.Query;
import io.freshet.event.query.Unanswered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What travels between operators is understood by Flink's own serializers. */
class EventSerializationTest {

    private static final List<String> NO_RECORDS =
            List.of("package-info", "ItemHash", "Unanswered");

    private static final Attribute DEVICE = Attribute.category("device", "phone");
    private static final Interaction INTERACTION =
            new Interaction("e", "u", "i", "click", Float.NaN, 1, 0, 3, 4, List.of(DEVICE));
    private static final CatalogItem ITEM =
            new CatalogItem(
                    "i",
                    "t",
                    "d",
                    List.of("c"),
                    true,
                    1,
                    Map.of("v", new float[] {1}),
                    List.of(Attribute.number("price", 2.5f)));
    private static final EncodedItem ENCODED =
            new EncodedItem(
                    "i",
                    "t",
                    true,
                    1,
                    new float[] {1},
                    List.of("c"),
                    List.of(Attribute.number("price", 2.5f)));
    private static final ItemPopularity POPULARITY = new ItemPopularity("i", 1, new float[] {1, 2});
    private static final ModelCheckpoint CHECKPOINT =
            new ModelCheckpoint(
                    2,
                    1,
                    ModelCheckpoint.Verdict.PROMOTED,
                    "better",
                    "2",
                    1,
                    0,
                    10,
                    5,
                    2,
                    4,
                    1.5f,
                    Float.NaN,
                    0.5f,
                    7,
                    List.of(new OffsetRange(0, 1, 9, 5)),
                    3,
                    "c0ffee");
    private static final ModelRevision REVISION = new ModelRevision(3, "version", 2, "update");
    private static final ModelUpdate UPDATE =
            new ModelUpdate(REVISION, REVISION.withoutUpdates(), 40, 7);

    private static final ModelDelta DELTA =
            new ModelDelta(
                    2,
                    1,
                    10,
                    9,
                    new WeightDelta(
                            3,
                            new String[] {"i"},
                            new int[] {3},
                            new float[] {1},
                            new int[] {1, 3},
                            new float[] {1, 2},
                            new float[] {3}));
    private static final Control CONTROL = new Control("c", Control.Kind.ROLLBACK, "u", 1, 4);
    private static final Occasion OCCASION = new Occasion("i", 1, Occasion.Kind.EXPOSED);
    private static final Query QUERY =
            new Query(
                    "q",
                    Query.Kind.NEXT_IN_SESSION,
                    "",
                    List.of("i", "j"),
                    5,
                    new ItemFilter(
                            List.of("a"),
                            List.of("b"),
                            List.of("c"),
                            List.of("d"),
                            List.of(new NumberRange("price", 1, Float.POSITIVE_INFINITY))),
                    true,
                    5,
                    2,
                    3,
                    4);
    private static final RecommendationRequest REQUEST =
            new RecommendationRequest(
                    "r",
                    "u",
                    1,
                    new String[] {"i"},
                    new long[] {1},
                    new long[] {ItemHash.of("i")},
                    "",
                    0,
                    3,
                    new String[] {"j"},
                    new float[] {2},
                    2,
                    false,
                    new String[] {"k"},
                    new long[] {4},
                    new FollowerCounts[] {
                        new FollowerCounts(new String[] {"l"}, new float[] {1}, 2)
                    },
                    5,
                    new String[] {"m"},
                    new long[] {6},
                    new int[][] {{1, -2}, {}},
                    QUERY);

    static Stream<Object> events() {
        return Stream.of(
                INTERACTION,
                DEVICE,
                Profile.of(ITEM),
                ResponseSignal.exposure(INTERACTION),
                ResponseSignal.of(CONTROL),
                new PredictedResponse("u", "i", 1, 0, 3, 0.5f, true, 2),
                Evaluation.ofResponses(1, 3, 4, 0.6f, 0.7f, 0.5f, 1),
                ITEM,
                ENCODED,
                POPULARITY,
                CHECKPOINT,
                new OffsetRange(0, 1, 9, 5),
                REQUEST,
                CONTROL,
                TrainingSignal.of(CONTROL),
                new Removal(Removal.Place.HISTORY, 3, 5),
                ControlReport.admission(CONTROL, AuditEvent.Outcome.APPLIED, "", 1),
                ControlReport.removal(
                        "c",
                        ControlReport.Stage.HISTORY,
                        "",
                        1,
                        List.of(new Removal(Removal.Place.HISTORY, 3, 5))),
                new AuditEvent(
                        CONTROL,
                        AuditEvent.Outcome.REFUSED,
                        "r",
                        1,
                        List.of(new Removal(Removal.Place.REDO_LOG, 3, 5))),
                new DeadLetter(
                        "t", 0, 3, 1, "f", "r", new byte[] {1}, new byte[] {2}, 2, 1, "", "beef"),
                new Evaluation(
                        Evaluation.Subject.LISTS,
                        1,
                        2,
                        3,
                        4,
                        Float.NaN,
                        0.5f,
                        0.4f,
                        0.3f,
                        0.2f,
                        Float.NaN),
                ItemSignal.asked(REQUEST).get(0),
                Objects.requireNonNull(ItemSignal.asked(REQUEST).get(0).part()),
                new FollowerCounts(new String[] {"j"}, new float[] {1}, 2),
                ItemSignal.followed("i", "j", 1, 0.5f).takenBack(2),
                new RecommendedItem(
                        "i",
                        1,
                        RecommendedItem.Source.MODEL,
                        "j",
                        Map.of(RecommendedItem.Source.MODEL, 0.5f)),
                new RecommendationList(
                        "r",
                        "u",
                        1,
                        2,
                        3,
                        RecommendationList.Path.PERSONAL,
                        List.of(
                                new RecommendedItem(
                                        "i", 1, RecommendedItem.Source.REPEAT, "", Map.of(), 0.5f)),
                        "",
                        0,
                        3,
                        -1,
                        4,
                        Query.Kind.POPULAR,
                        null,
                        List.of(OCCASION)),
                RecommendationList.unanswered(REQUEST, QUERY, Unanswered.EXPIRED, 4),
                OCCASION,
                QUERY,
                QUERY.filter(),
                QUERY.filter().ranges().get(0),
                UserSignal.of(QUERY),
                UserSignal.of(CONTROL),
                RecommenderUpdate.of(CHECKPOINT),
                RecommenderUpdate.of(POPULARITY),
                RecommenderUpdate.of(ENCODED),
                REVISION,
                UPDATE,
                RecommenderUpdate.of(UPDATE),
                RecommenderUpdate.of(DELTA),
                DELTA,
                DELTA.weights(),
                new TrainingSequence(
                        "u",
                        10,
                        new String[] {"i"},
                        new float[] {Float.NaN},
                        new long[] {1},
                        new int[] {0},
                        new int[] {0},
                        new long[] {3},
                        new float[] {0.5f},
                        new String[] {"j"},
                        new int[] {1},
                        new int[][] {{1, -2}, {}}));
    }

    @ParameterizedTest
    @MethodSource("events")
    void areSerializedWithoutKryo(Object event) {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(event.getClass());
    }

    @ParameterizedTest
    @MethodSource("events")
    void comeBackAsTheyWere(Object event) throws IOException {
        assertThat(copyThroughBytes(event))
                .usingRecursiveComparison()
                .withEqualsForType(Float::equals, Float.class) // NaN equals NaN
                .isEqualTo(event);
    }

    @Test
    void areAllCoveredHere() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/io/freshet/event"))) {
            List<String> records =
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".java"))
                            .map(name -> name.replace(".java", ""))
                            .filter(name -> !NO_RECORDS.contains(name))
                            .toList();

            assertThat(events().map(event -> event.getClass().getSimpleName()))
                    .containsAll(records);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T copyThroughBytes(T event) throws IOException {
        TypeSerializer<T> serializer =
                (TypeSerializer<T>)
                        TypeInformation.of(event.getClass())
                                .createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(256);
        serializer.serialize(event, out);
        return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    }
}

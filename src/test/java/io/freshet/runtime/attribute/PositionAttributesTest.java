package io.freshet.runtime.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.ModelConfig;
import io.freshet.event.Attribute;
import io.freshet.event.Interaction;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PositionAttributesTest {

    private static final long HOUR = 3_600_000;
    private static final int[][] NOTHING_SAID = {};

    @Test
    void theSameValueHasTheSameHashAndAnotherOneAnother() {
        PositionAttributes taken = taking(Set.of("event-type", "device"), "device");

        int[] said = taken.of(interaction("view", Attribute.category("device", "phone")));

        assertThat(said).hasSize(2).doesNotContain(0).doesNotHaveDuplicates();
        assertThat(taken.of(interaction("view", Attribute.category("device", "phone"))))
                .isEqualTo(said);
        assertThat(taken.of(interaction("cart", Attribute.category("device", "tv"))))
                .hasSize(2)
                .doesNotContain(said);
    }

    @Test
    void whatIsNotNamedIsNotTaken() {
        Interaction interaction = interaction("view", Attribute.category("device", "phone"));

        assertThat(taking(Set.of("device"), "device", "page").of(interaction)).hasSize(1);
        assertThat(taking(Set.of("page"), "device", "page").of(interaction)).isEmpty();
        assertThat(PositionAttributes.none().of(interaction)).isEmpty();
        assertThat(complete(PositionAttributes.none(), NOTHING_SAID, 1, 2)).isEmpty();
    }

    @Test
    void everyBuiltInNameSaysSomething() {
        for (String name : ModelConfig.BUILT_IN_ATTRIBUTES) {
            PositionAttributes taken = taking(Set.of(name));
            int[][] said = {taken.of(interaction("view")), taken.of(interaction("view"))};

            assertThat(complete(taken, said, 1, HOUR)[1]).as(name).hasSize(1);
        }
    }

    @Test
    void hourAndWeekdayComeOfTheTime() {
        PositionAttributes taken = taking(Set.of("hour", "weekday"));

        int[][] all = complete(taken, NOTHING_SAID, 0, HOUR - 1, HOUR, 24 * HOUR);

        assertThat(all[1]).isEqualTo(all[0]);
        assertThat(all[2][0]).as("another hour").isNotEqualTo(all[0][0]);
        assertThat(all[2][1]).as("the same day").isEqualTo(all[0][1]);
        assertThat(all[3][0]).as("the same hour").isEqualTo(all[0][0]);
        assertThat(all[3][1]).as("another day").isNotEqualTo(all[0][1]);
    }

    @Test
    void theGapIsTheRangeOfTheTimeSinceThePositionBefore() {
        long minute = 60_000;
        int[][] all =
                complete(
                        taking(Set.of("gap")),
                        NOTHING_SAID,
                        0,
                        minute,
                        2 * minute,
                        2 * minute,
                        100 * minute);

        assertThat(all[0]).as("nothing is before it").isEmpty();
        assertThat(all[2]).as("a minute again").isEqualTo(all[1]);
        assertThat(all[3]).as("none").isNotEqualTo(all[1]);
        assertThat(all[4]).as("98 minutes").isNotEqualTo(all[1]).isNotEqualTo(all[3]);
    }

    @Test
    void aDeclaredAttributeTakesThePlaceOfTheTimesOwn() {
        PositionAttributes taken = taking(Set.of("hour"), "hour");
        Interaction interaction = interaction("view", Attribute.category("hour", "happy"));

        int[][] all = complete(taken, new int[][] {taken.of(interaction)}, 0);

        assertThat(all[0]).isEqualTo(taken.of(interaction)).hasSize(1);
    }

    @Test
    void aDateCountsByItsAge() {
        var taken = new PositionAttributes(Set.of("since"), Set.of("since"), Set.of("since"));
        Attribute day = Attribute.number("since", 100);

        assertThat(taken.of(interaction(101 * 24 * HOUR, day)))
                .isNotEqualTo(taken.of(interaction(103 * 24 * HOUR, day)))
                .isEqualTo(taken.of(interaction(102 * 24 * HOUR, Attribute.number("since", 101))));
    }

    @Test
    void aPositionSaysNoMoreThanAFewThings() {
        PositionAttributes taken = taking(Set.of("tags"), "tags");
        Attribute[] many =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> Attribute.category("tags", "tag-" + i))
                        .toArray(Attribute[]::new);

        int[] said = taken.of(interaction("view", many));

        assertThat(said).hasSize(PositionAttributes.MOST);
        assertThat(PositionAttributes.union(said, new int[] {1, 2})).isEqualTo(said);
        assertThat(PositionAttributes.union(new int[] {1, 2}, new int[] {2, 3}))
                .containsExactly(1, 2, 3);
    }

    @Test
    void hashesStayTheSameForStateHasThem() {
        PositionAttributes taken = taking(Set.of("event-type", "price", "gap"), "price");
        int[] said = taken.of(interaction("view", Attribute.number("price", 9.5f)));

        int[] all = complete(taken, new int[][] {{}, said}, 0, HOUR)[1];

        assertThat(all).containsExactly(430692468, 1661738518, -344990185);
    }

    private static int[][] complete(
            PositionAttributes taken, int[][] ofEvents, long... timestamps) {
        return taken.complete(ofEvents, timestamps, 0, timestamps.length);
    }

    private static PositionAttributes taking(Set<String> names, String... declared) {
        return new PositionAttributes(names, new HashSet<>(Arrays.asList(declared)), Set.of());
    }

    private static Interaction interaction(String type, Attribute... attributes) {
        return interaction(type, 1, attributes);
    }

    private static Interaction interaction(long timestamp, Attribute... attributes) {
        return interaction("view", timestamp, attributes);
    }

    private static Interaction interaction(String type, long timestamp, Attribute... attributes) {
        return new Interaction(
                "e", "u", "i", type, Float.NaN, timestamp, 0, 0, 0, List.of(attributes));
    }
}

package io.freshet.replay.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FeedbackConfig;
import io.freshet.config.FreshetConfig;
import io.freshet.event.Interaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class UserHistoriesTest {

    private static final Interaction FIRST = row("z", "a", 0);
    private static final Interaction SECOND = row("b", "a", 1);
    private static final Interaction THIRD = row("z", "c", 2);

    @Test
    void keepsEachUsersRowsInOrderOfTime() {
        assertThat(histories().byUser())
                .containsExactly(
                        Map.entry("b", List.of(SECOND)), Map.entry("z", List.of(FIRST, THIRD)));
    }

    @Test
    void leavesOutItemsThatNobodyChose() {
        Map<String, Integer> byItem = new LinkedHashMap<>();
        byItem.put("c", 1);
        byItem.put("d", 2);
        byItem.put("a", 3);

        assertThat(histories().chosen(byItem)).containsExactly(1, 3);
    }

    @Test
    void exposuresAreNoHistory() {
        UserHistories histories = histories();
        histories.add(new Interaction("3", "z", "shown", "impression", Float.NaN, 30, 0, 3));

        assertThat(histories.byUser().get("z")).containsExactly(FIRST, THIRD);
        assertThat(histories.chosen(Map.of("shown", 1))).isEmpty();
    }

    private static UserHistories histories() {
        Configuration configuration = new Configuration();
        configuration.set(FeedbackConfig.EXPOSURE_TYPES, List.of("impression"));
        UserHistories histories = new UserHistories(FreshetConfig.from(configuration).history());
        histories.add(FIRST);
        histories.add(SECOND);
        histories.add(THIRD);
        return histories;
    }

    private static Interaction row(String user, String item, int position) {
        return new Interaction(
                "" + position, user, item, "click", Float.NaN, 10 * position, 0, position);
    }
}

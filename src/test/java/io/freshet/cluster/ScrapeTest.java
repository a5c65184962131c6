package io.freshet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScrapeTest {

    private static final Scrape FOUND =
            Scrape.parse(
                    """
                    # HELP flink_x requests (scope: x)
                    # TYPE flink_x gauge
                    flink_x{operator_name="fine-tuner",host="a\\"b\\\\",} 3.0
                    flink_x{operator_name="Source: items",host="c",} NaN
                    flink_y 1.5E9
                    """);

    @Test
    void seriesAreFoundByNameAndLabels() {
        assertThat(FOUND.series()).containsExactly("flink_x", "flink_y");
        assertThat(FOUND.values("flink_x", Map.of("operator_name", "fine-tuner")))
                .containsExactly(3.0);
        assertThat(FOUND.values("flink_x", Map.of("host", "a\"b\\"))).containsExactly(3.0);
        assertThat(FOUND.values("flink_x", Map.of("operator_name", "Source: items")))
                .containsExactly(Double.NaN);
        assertThat(FOUND.values("flink_y", Map.of())).containsExactly(1.5e9);
        assertThat(FOUND.values("flink_y", Map.of("host", "c"))).isEmpty();
    }
}

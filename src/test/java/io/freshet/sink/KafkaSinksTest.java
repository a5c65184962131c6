package io.freshet.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.event.DeadLetter;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class KafkaSinksTest {

    @Test
    void aProducerOfDeadLettersTakesTheLargestThatThereCanBe() {
        byte[] bytes = new byte[3 << 20];
        DeadLetter largest =
                new DeadLetter("t", 0, 0, 0, "f", "x".repeat(1_000), bytes, bytes, bytes.length);
        int size = new DeadLetterEncoder().value(largest).length;

        Properties own = KafkaSinks.deadLetterProperties(bytes.length, new Properties());

        assertThat(Integer.parseInt(own.getProperty("max.request.size"))).isGreaterThan(size);
        assertThat(Long.parseLong(own.getProperty("buffer.memory"))).isGreaterThan(size);
    }

    @Test
    void theUsualSizesStayForSmallDeadLettersUnlessMoreIsConfigured() {
        Properties more = new Properties();
        more.setProperty("max.request.size", "5000000");

        assertThat(KafkaSinks.deadLetterProperties(1_000, new Properties()))
                .containsEntry("max.request.size", "1048576")
                .containsEntry("buffer.memory", "33554432");
        assertThat(KafkaSinks.deadLetterProperties(1_000, more))
                .containsEntry("max.request.size", "5000000");
    }
}

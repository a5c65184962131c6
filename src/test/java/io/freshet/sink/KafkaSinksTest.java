package io.freshet.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.config.FreshetConfig;
import io.freshet.config.IngestConfig;
import io.freshet.event.DeadLetter;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class KafkaSinksTest {

    @Test
    void aProducerOfDeadLettersAcceptsTheLargestThatThereCanBe() {
        byte[] bytes = new byte[3 << 20];
        DeadLetter largest =
                new DeadLetter(
                        "t".repeat(249),
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        "\\u200b".repeat(4_096),
                        "\\u200b".repeat(4_096),
                        bytes,
                        bytes,
                        bytes.length,
                        bytes.length,
                        "0a".repeat(32),
                        "0a".repeat(32));
        int size = new DeadLetterEncoder().value(largest).length;

        long most = limits(bytes.length).maxDeadLetterRecordBytes();
        Properties own = KafkaSinks.deadLetterProperties(most, new Properties());

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

    private static IngestConfig limits(int maxDeadLetterBytes) {
        Configuration options = new Configuration();
        options.set(IngestConfig.MAX_DEAD_LETTER_BYTES, maxDeadLetterBytes);
        return FreshetConfig.from(options).ingest();
    }
}

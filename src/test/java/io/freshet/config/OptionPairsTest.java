package io.freshet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that are right alone and wrong together: both are named, with their values. */
class OptionPairsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "recommend.list-size=1000,recommend.candidates=1000|recommend.list-size: found '1000'|ingest.max-id-length = 256|kafka.properties.max.request.size = 1048576",
                "recommend.list-size=100,kafka.properties.max.request.size=65536|recommend.list-size: found '100'|ingest.max-id-length = 256|max.request.size = 65536",
                "kafka.properties.max.request.size=much|kafka.properties.max.request.size: found 'much'|a number of bytes|expected",
                "ingest.max-record-bytes=700|ingest.max-record-bytes: found '700'|at least 768|ingest.max-id-length = 256",
                "ingest.max-record-bytes=1000,item.modalities=image:512|ingest.max-record-bytes: found '1000'|at least 1024|item.modalities = {image=512}",
                "kafka.topic.dead-letters=interactions|kafka.topic.dead-letters: found 'interactions'|another topic|kafka.topic.interactions = interactions",
                "kafka.properties.group.id=a|kafka.properties.group.id: found 'a'|expected only|kafka.group-id",
                "kafka.properties.transaction.timeout.ms=7|kafka.properties.transaction.timeout.ms: found '7'|expected only|kafka.transaction-timeout",
                "training.max-backlog=700,control.max-paused-sequences=900|training.max-backlog and control.max-paused-sequences|'700' and '900'|one of them",
                "history.ttl=5 min|history.ttl: found 'PT5M'|at least|history.pane = PT10M",
                "history.debounce=200 d|history.ttl: found 'PT4320H'|at least|history.debounce = PT4800H",
                "history.forgotten-ttl=1 min,ingest.max-disorder=2 min|history.forgotten-ttl: found 'PT1M'|at least|ingest.max-disorder = PT2M",
                "vocabulary.ttl=5 min|vocabulary.ttl: found 'PT5M'|at least|history.pane = PT10M",
                "model.attributes=device|model.attributes: found 'device'|some of [event-type, gap, hour, weekday]|attributes.context",
                "item.attribute-width=8,item.modalities=attributes:4|item.modalities: found '{attributes=4}'|no modality 'attributes'|item.attribute-width = 8",
                "training.distillation=0.5,training.replay-ratio=0|training.distillation: found '0.5'|training.replay-ratio = 0.0|training.replay-capacity = 2000",
            })
    void areRefusedWithBoth(String options, String found, String first, String second) {
        assertThatThrownBy(() -> FreshetConfig.from(of(options)))
                .hasMessageContaining("1 problem(s)")
                .hasMessageContaining(found)
                .hasMessageContaining(first)
                .hasMessageContaining(second);
    }

    @Test
    void allAreReportedAtOnce() {
        assertThatThrownBy(
                        () ->
                                FreshetConfig.from(
                                        of(
                                                "recommend.list-size=1000,recommend.candidates=10,"
                                                        + "model.heads=3,history.ttl=5 min,"
                                                        + "kafka.topic.audit=controls")))
                .hasMessageContaining("5 problem(s)");
    }

    @Test
    void aLongListIsAcceptedWithShortIdsOrLargerRequests() {
        String list = "recommend.list-size=1000,recommend.candidates=1000,";

        assertThatCode(() -> FreshetConfig.from(of(list + "ingest.max-id-length=32")))
                .doesNotThrowAnyException();
        assertThatCode(
                        () ->
                                FreshetConfig.from(
                                        of(list + "kafka.properties.max.request.size=8388608")))
                .doesNotThrowAnyException();
    }

    private static Configuration of(String options) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String option : options.split(",")) {
            String[] parts = option.split("=", 2);
            values.put(parts[0], parts[1]);
        }
        assertThat(values).isNotEmpty();
        return Configuration.fromMap(values);
    }
}

package io.freshet.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.freshet.event.Evaluation;
import io.freshet.event.ModelCheckpoint;
import io.freshet.event.RecommendationList;
import io.freshet.event.RecommendedItem;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** Reads the examples of the published schemas. */
class OutputReaderTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void readsAList() throws IOException {
        RecommendationList list = OutputReader.list(example("recommendations"));
        assertThat(list.userId()).isEqualTo("u-7");
        assertThat(list.modelVersion()).isEqualTo(3);
        assertThat(list.path()).isEqualTo(RecommendationList.Path.PERSONAL);
        assertThat(list.items())
                .containsExactly(
                        new RecommendedItem("i-42", 1.25f, RecommendedItem.Source.MODEL, "i-7"));
    }

    @Test
    void readsAVerdict() throws IOException {
        ModelCheckpoint checkpoint = OutputReader.checkpoint(example("model-checkpoints"));
        assertThat(checkpoint.version()).isEqualTo(4);
        assertThat(checkpoint.verdict()).isEqualTo(ModelCheckpoint.Verdict.PROMOTED);
        assertThat(checkpoint.window()).isEqualTo(9);
        assertThat(checkpoint.loss()).isEqualTo(5.21f);
        assertThat(checkpoint.trainingMillis()).isEqualTo(2310);
    }

    @Test
    void readsAnEvaluation() throws IOException {
        assertThat(OutputReader.evaluation(example("evaluations")))
                .isEqualTo(
                        new Evaluation(
                                Evaluation.Subject.LIVE_MODEL,
                                9,
                                3,
                                1_700_000_060_000L,
                                612,
                                5.4f,
                                0.51f,
                                0.297f,
                                0.233f,
                                0.148f,
                                Float.NaN));
    }

    @Test
    void readsWhyALetterIsDead() throws IOException {
        var letter = OutputReader.deadLetter(example("dead-letters"));
        assertThat(letter.field()).isEqualTo("user_id");
        assertThat(letter.reason()).startsWith("user_id: found nothing");
    }

    private static byte[] example(String topic) throws IOException {
        String resource = "/schema/" + topic + ".schema.json";
        try (InputStream schema = OutputReaderTest.class.getResourceAsStream(resource)) {
            assertThat(schema).as(resource).isNotNull();
            JsonNode example = JSON.readTree(schema).path("examples").path(0);
            return JSON.writeValueAsBytes(example);
        }
    }
}

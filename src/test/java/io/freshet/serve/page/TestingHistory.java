package io.freshet.serve.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.Random;

/** Forty windows of a job: evaluations, verdicts, and a few records that could not be read. */
final class TestingHistory {

    private static final int WINDOWS = 40;
    private static final long WINDOW_MILLIS = 300_000;
    private static final long START = 1_790_000_000_000L;

    private final TestingPageJob job;
    private final Random random = new Random(7);

    TestingHistory(TestingPageJob job) {
        this.job = job;
    }

    void write() {
        int version = 1;
        int parent = 1;
        for (int window = 1; window <= WINDOWS; window++) {
            double learned = 1 - Math.exp(-window / 12.0);
            evaluate("live-model", window, 0.22 + 0.2 * learned);
            evaluate("frozen-model", window, 0.24 - 0.05 * window / WINDOWS);
            evaluate("lists", window, 0.26 + 0.24 * learned);
            if (window == 23) {
                verdict(window, "rejected", version, version, "worse on held-out positions");
            } else if (window == 29) {
                verdict(window, "rolled_back", 2, version, "asked for by a control");
                parent = 2;
            } else if (window % 8 == 0) {
                version++;
                verdict(window, "promoted", version, parent, "better on held-out positions");
                parent = version;
            } else {
                verdict(window, "updated", parent, parent, "no worse on held-out positions");
            }
        }
        deadLetter(12, "{\"user_id\":\"u-1\",\"item_id\":7}", "item_id");
        deadLetter(31, "{\"user_id\":\"" + TestingPageJob.HOSTILE + "\"", "value");
    }

    void evaluate(String subject, int window, double hitRate) {
        ObjectNode evaluation = JsonNodeFactory.instance.objectNode();
        double noisy = hitRate + 0.02 * random.nextGaussian();
        evaluation.put("subject", subject).put("window", window).put("model_version", 1);
        evaluation.put("timestamp_ms", START + window * WINDOW_MILLIS).put("positions", 600);
        evaluation.put("loss", 5.1).put("hit_rate", noisy).put("ndcg", noisy * 0.6);
        job.send("evaluations", subject, evaluation);
    }

    void verdict(int window, String verdict, int version, int parent, String reason) {
        ObjectNode checkpoint = JsonNodeFactory.instance.objectNode();
        checkpoint.put("version", version).put("parent", parent).put("verdict", verdict);
        checkpoint.put(
                "reason",
                "loss 5.2034 on 61 held-out positions, 5.2371 before: %s".formatted(reason));
        checkpoint.put("window", window).put("window_start_ms", START);
        checkpoint.put("window_end_ms", START + window * WINDOW_MILLIS).put("interactions", 612);
        checkpoint.put("champion_metric", 5.2371).put("challenger_metric", 5.2034);
        checkpoint.put("training_ms", verdict.equals("rolled_back") ? 0 : 2310).put("updates", 8);
        job.send("model-checkpoints", "window:" + window, checkpoint);
    }

    void deadLetter(long offset, String value, String field) {
        ObjectNode letter = JsonNodeFactory.instance.objectNode();
        letter.put("topic", "interactions").put("partition", 0).put("offset", offset);
        letter.put("timestamp_ms", START).put("field", field);
        letter.put("reason", field + ": found the number 7, expected a string");
        letter.put("payload", Base64.getEncoder().encodeToString(value.getBytes(UTF_8)));
        letter.put("payload_size", value.length());
        job.send("dead-letters", "interactions:0:" + offset, letter);
    }
}

package io.freshet.model.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.freshet.model.EvaluationBatch;
import io.freshet.model.SequenceAttributes;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluationChunkTest {

    private static final int FEW_TARGETS = 3;
    private static final int ROWS = (int) (EvaluationChunk.MOST_SCORES / FEW_TARGETS);

    /** Three sequences of two items; positions in no order, and none in the second sequence. */
    private static final EvaluationBatch BATCH =
            new EvaluationBatch(
                    3,
                    2,
                    new int[] {11, 12, 21, 22, 31, 32},
                    new SequenceAttributes(1, new int[] {1, 2, 3, 4, 5, 6}),
                    new int[] {5, 0, 4, 1},
                    new int[] {50, 10, 40, 20});

    @Test
    void aSmallBatchStaysWhole() {
        List<EvaluationChunk> chunks = EvaluationChunk.split(BATCH, 10);

        assertThat(chunks).hasSize(1);
        assertThat(chunks.get(0).size()).isEqualTo(3);
    }

    @Test
    void chunksHoldWholeSequencesAndFewEnoughTargets() {
        List<EvaluationChunk> chunks = EvaluationChunk.split(BATCH, ROWS);

        assertThat(chunks).hasSize(2);
        assertThat(chunks.get(0).items()).containsExactly(11, 12, 21, 22);
        assertThat(chunks.get(0).attributes().hashes()).containsExactly(1, 2, 3, 4);
        assertThat(chunks.get(1).attributes().hashes()).containsExactly(5, 6);
        assertThat(chunks.get(0).positions()).containsExactly(0, 1);
        assertThat(chunks.get(0).targets()).containsExactly(10, 20);
        assertThat(chunks.get(1).items()).containsExactly(31, 32);
        assertThat(chunks.get(1).positions()).containsExactly(1, 0);
        assertThat(chunks.get(1).targets()).containsExactly(50, 40);
    }

    @Test
    void whatChunksFindGoesBackToTheBatchsOrder() {
        int[] found = new int[4];
        for (EvaluationChunk chunk : EvaluationChunk.split(BATCH, ROWS)) {
            chunk.spread(chunk.targets(), found);
        }

        assertThat(found).containsExactly(BATCH.targets());
    }

    @Test
    void aSequenceWithMoreTargetsThanTheLimitIsAChunkOfItsOwn() {
        int length = 10;
        int[] all = IntStream.range(0, 2 * length).toArray();
        EvaluationBatch batch = new EvaluationBatch(2, length, all, all, all);

        assertThat(EvaluationChunk.split(batch, ROWS)).hasSize(2);
    }

    @Test
    void nothingToEvaluateIsNoChunk() {
        EvaluationBatch batch = new EvaluationBatch(1, 2, new int[] {1, 2}, new int[0], new int[0]);

        assertThat(EvaluationChunk.split(batch, ROWS)).isEmpty();
    }
}

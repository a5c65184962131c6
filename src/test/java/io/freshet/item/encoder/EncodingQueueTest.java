package io.freshet.item.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.item.PendingItemState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncodingQueueTest {

    private final EncodingQueue<String> queue = new EncodingQueue<>();

    @Test
    void nothingLeavesBeforeWhatCameFirst() throws Exception {
        queue.addText(waiting("a", 1));
        queue.addMark("mark");
        queue.addUnchanged(waiting("a", 1));
        queue.addEncoded(waiting("b", 2), new float[] {2});
        assertThat(drained()).isEmpty();

        assertThat(queue.nextBatch(10)).extracting(item -> item.itemId).containsExactly("a");
        queue.complete(new float[][] {{1}});

        assertThat(drained()).containsExactly("a 1.0", "mark", "a as before 1.0", "b 2.0");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void oneBatchIsOutAtATime() {
        queue.addText(waiting("a", 1));
        queue.addText(waiting("b", 2));
        queue.addText(waiting("c", 3));

        assertThat(queue.nextBatch(2)).hasSize(2);
        assertThat(queue.nextBatch(2)).isEmpty();
        queue.complete(new float[2][0]);
        assertThat(queue.nextBatch(2)).hasSize(1);
    }

    @Test
    void theQueueHasTheNewestHashOfAnItemInIt() throws Exception {
        queue.addText(waiting("a", 1));
        queue.addText(waiting("a", 2));
        assertThat(queue.hashOf("a")).hasValue(2);
        assertThat(queue.hashOf("b")).isEmpty();

        queue.nextBatch(1);
        queue.complete(new float[1][0]);
        drained();
        assertThat(queue.hashOf("a")).hasValue(2);

        queue.nextBatch(1);
        queue.complete(new float[1][0]);
        drained();
        assertThat(queue.hashOf("a")).isEmpty();
    }

    @Test
    void vectorsMustMatchTheTexts() {
        queue.addText(waiting("a", 1));
        queue.nextBatch(1);

        assertThatThrownBy(() -> queue.complete(new float[2][0]))
                .hasMessageContaining("2 vectors for 1 texts");
    }

    private static EncodingQueue.Waiting waiting(String id, long hash) {
        PendingItemState item = new PendingItemState();
        item.itemId = id;
        return new EncodingQueue.Waiting(item, hash);
    }

    private List<String> drained() throws Exception {
        List<String> drained = new ArrayList<>();
        queue.drainTo(
                new EncodingQueue.Receiver<>() {
                    @Override
                    public void encoded(EncodingQueue.Waiting item, float[] vector) {
                        drained.add(
                                item.item().itemId + (vector.length == 0 ? "" : " " + vector[0]));
                    }

                    @Override
                    public void unchanged(EncodingQueue.Waiting item, float[] vector) {
                        drained.add(item.item().itemId + " as before " + vector[0]);
                    }

                    @Override
                    public void mark(String mark) {
                        drained.add(mark);
                    }
                });
        return drained;
    }
}

package io.freshet.model.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tensorflow.TensorFlow;

class TensorFlowNativesITCase {

    @Test
    void manyThreadsMayStartTheEngineAtOnceAndItRunsOffline() throws InterruptedException {
        List<Thread> threads =
                Stream.generate(() -> new Thread(TensorFlowNatives::load)).limit(4).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(Engine.getEngine("TensorFlow").getVersion()).startsWith("2.16");
        assertThat(TensorFlow.version()).startsWith("2.16");
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
    }
}

package io.freshet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.junit.jupiter.api.Test;

class AssignedGpuTest {

    @Test
    void theOneGpuOfTheTaskManagerIsAssigned() {
        assertThat(AssignedGpu.index(Set.of(new Gpu(Map.of("index", "3"))))).isEqualTo("3");
    }

    @Test
    void withoutAGpuTheMessageSaysWhatToConfigure() {
        assertThatThrownBy(() -> AssignedGpu.index(Set.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Found 0 GPUs")
                .hasMessageContaining("external-resource.gpu.amount: 1");
    }

    /** Which of them the slot asked for can't be known. */
    @Test
    void oneOfSeveralGpusIsNotGuessed() {
        Set<ExternalResourceInfo> two =
                Set.of(new Gpu(Map.of("index", "0")), new Gpu(Map.of("index", "1")));

        assertThatThrownBy(() -> AssignedGpu.index(two))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Found 2 GPUs");
    }

    @Test
    void aDriverThatGivesNoIndexIsNamedWithWhatItGives() {
        assertThatThrownBy(() -> AssignedGpu.index(Set.of(new Gpu(Map.of("uuid", "x")))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without the property 'index'")
                .hasMessageContaining("[uuid]");
    }

    private record Gpu(Map<String, String> properties) implements ExternalResourceInfo {

        @Override
        public Optional<String> getProperty(String key) {
            return Optional.ofNullable(properties.get(key));
        }

        @Override
        public Collection<String> getKeys() {
            return properties.keySet();
        }
    }
}

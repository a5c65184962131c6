package io.freshet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.config.FreshetConfig;
import io.freshet.event.Interaction;
import io.freshet.store.StoreException;
import io.freshet.testing.FaultyFileSystem;
import io.freshet.training.version.PretrainingProgress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseTrainingTest {

    private final List<PretrainingProgress> trained = new ArrayList<>();

    @TempDir private Path directory;

    @Test
    void aFullStoreIsFoundBeforeTraining() {
        FaultyFileSystem.fill(directory);

        assertThatThrownBy(() -> make(FaultyFileSystem.uri(directory)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("nothing was trained yet")
                .cause()
                .hasMessageContaining("No space left");
        assertThat(trained).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aStoreWhereNothingCanBeMadeIsFoundBeforeTraining() {
        assertThatThrownBy(() -> make("file:///proc/freshet/store"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("/proc/freshet/store: found no way to write")
                .hasMessageContaining("choose another store");
        assertThat(trained).isEmpty();
    }

    private void make(String store) throws Exception {
        FreshetConfig config =
                FreshetConfig.from(
                        Configuration.fromMap(
                                Map.of(
                                        "store.path", store,
                                        "encoder.enabled", "false",
                                        "model.width", "8",
                                        "training.pretrain-epochs", "1")));
        List<List<Interaction>> histories = new ArrayList<>();
        for (int user = 0; user < 20; user++) {
            histories.add(
                    List.of(interaction(user, 0), interaction(user, 1), interaction(user, 2)));
        }
        new BaseTraining(trained::add).make(config, histories, List.of());
    }

    private static Interaction interaction(int user, int position) {
        long offset = 3L * user + position;
        return new Interaction(
                "event-" + offset,
                "u" + user,
                "i" + (user + position) % 7,
                "view",
                Float.NaN,
                1_000 + offset,
                0,
                offset);
    }
}

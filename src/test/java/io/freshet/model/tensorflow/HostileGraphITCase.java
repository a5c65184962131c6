package io.freshet.model.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.freshet.model.RecommenderModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.NodeDef;

/** A model of which somebody has changed the graph. */
class HostileGraphITCase {

    @TempDir private Path directory;

    @Test
    void a_model_with_an_operation_that_touches_files_is_not_loaded() throws IOException {
        try (RecommenderModel model = TestingModels.model(0, 0)) {
            model.save(directory);
        }
        TestingModels.edit(
                directory,
                graph ->
                        graph.getGraphDefBuilder()
                                .addNode(
                                        NodeDef.newBuilder()
                                                .setName("passwords")
                                                .setOp("ReadFile")
                                                .addInput(
                                                        graph.getSaverDef()
                                                                .getFilenameTensorName())));
        TensorFlowModelRuntime runtime = new TensorFlowModelRuntime(1);

        assertThatThrownBy(() -> runtime.load(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the operation ReadFile in the node 'passwords'")
                .hasMessageContaining(directory.toString());
        try (RecommenderModel trusted = runtime.allowing(List.of("ReadFile")).load(directory)) {
            assertThat(trusted.rows()).isEqualTo(1 + TestingModels.ITEMS);
        }
    }
}

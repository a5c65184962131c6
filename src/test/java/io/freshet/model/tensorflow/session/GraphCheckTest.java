package io.freshet.model.tensorflow.session;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.TensorProto;

class GraphCheckTest {

    private final GraphDef.Builder graph = GraphDef.newBuilder();

    @Test
    void a_graph_that_only_computes_is_allowed() {
        graph.addNode(node("x", "Placeholder")).addNode(node("y", "MatMul", "x", "x"));
        graph.getLibraryBuilder()
                .addFunction(function("f", node("z", "ResourceSparseApplyAdagradV2", "path")));

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ReadFile",
                "WriteFile",
                "MatchingFiles",
                "PyFunc",
                "EagerPyFunc",
                "PrintV2",
                "Abort",
                "RpcCall",
                "TextLineDataset",
                "InitializeTableFromTextFileV2",
                "LoadAndRemapMatrix",
                "SaveSlices",
                "Restore",
                "DebugIdentityV2",
                "XlaCustomCall",
                "MyCustomOp"
            })
    void any_other_operation_is_refused(String operation) {
        graph.addNode(node("layer/evil", operation));

        assertThatThrownBy(this::check)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "Version 7 is not loaded, because a SavedModel is a program")
                .hasMessageContaining("the operation " + operation + " in the node 'layer/evil'")
                .hasMessageContaining("store.allowed-operations");
        assertThatCode(() -> check(operation)).doesNotThrowAnyException();
    }

    @Test
    void functions_are_searched_and_long_lists_are_cut() {
        for (int i = 0; i < 7; i++) {
            graph.getLibraryBuilder().addFunction(function("f" + i, node("w", "WriteFile")));
        }

        assertThatThrownBy(this::check)
                .hasMessageContaining("WriteFile in the node 'w' of the function 'f4'")
                .hasMessageContaining("and 2 more")
                .hasMessageNotContaining("'f5'");
    }

    @Test
    void the_saver_of_the_reference_model_is_allowed() {
        graph.addNode(node("saver_filename", "Placeholder"))
                .addNode(node("save", "SaveV2", "saver_filename", "names", "slices"))
                .addNode(node("restore", "RestoreV2", "saver_filename:0", "names", "slices"));

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void the_saver_of_a_keras_model_is_allowed() {
        keras("saver_filename", text("_temp/part"), call("save", "traced_save", "saver_filename"));

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void a_path_that_is_not_the_savers_is_refused() {
        graph.addNode(node("saver_filename", "Placeholder"))
                .addNode(constant("elsewhere", "/etc/cron.d/x"))
                .addNode(node("save", "SaveV2", "elsewhere"))
                .addNode(node("joined", "StringJoin", "elsewhere", "saver_filename"))
                .addNode(node("read", "RestoreV2", "joined"))
                .addNode(node("other", "Placeholder"))
                .addNode(node("fed", "SaveV2", "other"))
                .addNode(node("merge", "MergeV2Checkpoints", "saver_filename", "elsewhere"));

        assertThatThrownBy(this::check)
                .hasMessageContaining("SaveV2 in the node 'save'")
                .hasMessageContaining("RestoreV2 in the node 'read'")
                .hasMessageContaining("SaveV2 in the node 'fed'")
                .hasMessageContaining("MergeV2Checkpoints in the node 'merge'");
    }

    @Test
    void a_path_that_leaves_the_savers_directory_is_refused() {
        keras(
                "saver_filename",
                text("/../../etc/x"),
                call("save", "traced_save", "saver_filename"));

        assertThatThrownBy(this::check)
                .hasMessageContaining("SaveV2 in the node 'write' of the function 'traced_save'");
    }

    @Test
    void a_saving_function_that_is_also_called_with_another_path_is_refused() {
        keras("saver_filename", text("part"), call("save", "traced_save", "saver_filename"));
        graph.addNode(constant("elsewhere", "/etc/x"))
                .addNode(call("serve", "traced_save", "elsewhere"));

        assertThatThrownBy(this::check).hasMessageContaining("SaveV2 in the node 'write'");
    }

    @Test
    void a_saving_function_that_is_a_branch_is_refused() {
        keras("saver_filename", text("part"), call("save", "traced_save", "saver_filename"));
        graph.addNode(
                node("branch", "If", "saver_filename").toBuilder()
                        .putAttr("then_branch", named("traced_save")));

        assertThatThrownBy(this::check).hasMessageContaining("SaveV2 in the node 'write'");
    }

    @Test
    void a_saving_function_that_may_be_called_in_other_ways_is_refused() {
        NodeDef own = call("save", "traced_save", "saver_filename");
        keras("saver_filename", text("part"), own);
        graph.addNode(node("by_name", "traced_save", "saver_filename"));
        assertThatThrownBy(() -> check("traced_save")).hasMessageContaining("SaveV2");

        graph.clear();
        keras("saver_filename", text("part"), own);
        NameAttrList.Builder nested =
                NameAttrList.newBuilder().setName("g").putAttr("h", named("traced_save"));
        graph.addNode(
                node("nested", "PartitionedCall").toBuilder()
                        .putAttr("f", AttrValue.newBuilder().setFunc(nested).build()));
        assertThatThrownBy(this::check).hasMessageContaining("SaveV2");

        graph.clear();
        keras("saver_filename", text("part"), own);
        graph.getLibraryBuilder()
                .getFunctionBuilder(0)
                .putAttr("api_implements", AttrValue.getDefaultInstance());
        assertThatThrownBy(this::check).hasMessageContaining("SaveV2");

        graph.clear();
        keras("saver_filename", text("part"), node("nobody", "NoOp"));
        assertThatThrownBy(this::check).hasMessageContaining("SaveV2");
    }

    /** A saver as Keras has it: a function joins the path, and writes shards under it. */
    private void keras(String placeholder, AttrValue suffix, NodeDef call) {
        graph.addNode(node(placeholder, "Placeholder")).addNode(call);
        graph.getLibraryBuilder()
                .addFunction(
                        function(
                                "traced_save",
                                node("suffix", "Const").toBuilder()
                                        .putAttr("value", suffix)
                                        .build(),
                                constant("local", ".part"),
                                node("remote", "StaticRegexFullMatch", "path"),
                                node("chosen", "Select", "remote", "local:output:0", "suffix"),
                                node("joined", "StringJoin", "path", "chosen:output:0"),
                                node("shard", "ShardedFilename", "joined:output:0", "i", "n"),
                                node("write", "SaveV2", "shard:filename:0", "names", "^remote"),
                                node("all", "Pack", "shard:filename:0", "^write"),
                                node("merge", "MergeV2Checkpoints", "all:output:0", "path")));
    }

    private void check(String... allowed) throws IOException {
        MetaGraphDef meta =
                MetaGraphDef.newBuilder()
                        .setGraphDef(graph)
                        .setSaverDef(
                                SaverDef.newBuilder().setFilenameTensorName("saver_filename:0"))
                        .build();
        new GraphCheck(List.of(allowed))
                .require(
                        SavedModel.newBuilder().addMetaGraphs(meta).build().toByteArray(),
                        "Version 7");
    }

    private static NodeDef node(String name, String operation, String... inputs) {
        return NodeDef.newBuilder()
                .setName(name)
                .setOp(operation)
                .addAllInput(List.of(inputs))
                .build();
    }

    private static NodeDef constant(String name, String text) {
        return node(name, "Const").toBuilder().putAttr("value", text(text)).build();
    }

    private static AttrValue text(String text) {
        return AttrValue.newBuilder()
                .setTensor(
                        TensorProto.newBuilder()
                                .setDtype(DataType.DT_STRING)
                                .addStringVal(ByteString.copyFromUtf8(text)))
                .build();
    }

    private static NodeDef call(String name, String function, String... inputs) {
        return node(name, "StatefulPartitionedCall", inputs).toBuilder()
                .putAttr("f", named(function))
                .build();
    }

    private static AttrValue named(String function) {
        return AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(function)).build();
    }

    /** A function of a path. */
    private static FunctionDef function(String name, NodeDef... nodes) {
        return FunctionDef.newBuilder()
                .setSignature(
                        OpDef.newBuilder()
                                .setName(name)
                                .addInputArg(OpDef.ArgDef.newBuilder().setName("path")))
                .addAllNodeDef(List.of(nodes))
                .build();
    }
}

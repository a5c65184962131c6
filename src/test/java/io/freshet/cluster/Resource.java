package io.freshet.cluster;

/** What a process could hold more and more of, and how much it may still grow when it is warm. */
enum Resource {
    /** Objects that survive a full collection. */
    HEAP("live heap, MiB", new Plateau(0.15, 16)),
    /** Classes, those of earlier submissions included until their loaders are collected. */
    METASPACE("metaspace, MiB", new Plateau(0.10, 10)),
    /** Memory of every kind, that of TensorFlow and RocksDB included. */
    RSS("resident memory, MiB", new Plateau(0.15, 0)),
    /** Files, sockets and pipes. */
    HANDLES("open handles", new Plateau(0.05, 20)),
    /** Threads, those of natives included. */
    THREADS("threads", new Plateau(0.05, 10)),
    /** Table files of RocksDB's working directories. */
    STATE("RocksDB, MiB", new Plateau(0.25, 8));

    private final String label;
    private final Plateau plateau;

    Resource(String label, Plateau plateau) {
        this.label = label;
        this.plateau = plateau;
    }

    /** In words, with the unit. */
    String label() {
        return label;
    }

    Plateau plateau() {
        return plateau;
    }
}

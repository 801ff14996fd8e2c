package io.saccade.router.streams;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the native memory of all RocksDB stores of this process: blocks, indices, filters and
 * write buffers share one cache of 48 MiB. RocksDB's defaults would apply to each of the several
 * stores of each partition. Public for Kafka Streams only, which creates it by its class name.
 *
 * <p>See decision 8 in {@code docs/decisions.md}, and "Memory Management" in Kafka Streams'
 * developer guide for the method.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

  private static final long CACHE_BYTES = 48L << 20;
  private static final long WRITE_BUFFERS_BYTES = 16L << 20;
  private static final long WRITE_BUFFER_BYTES = 2L << 20;
  private static final int WRITE_BUFFERS = 2;

  static {
    RocksDB.loadLibrary();
  }

  // Never closed: they are shared by the stores of all routers in this process.
  private static final Cache CACHE = new LRUCache(CACHE_BYTES);
  private static final WriteBufferManager MANAGER =
      new WriteBufferManager(WRITE_BUFFERS_BYTES, CACHE);

  /** Called by Kafka Streams. */
  public BoundedRocksDb() {}

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(MANAGER);
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
    options.setMaxWriteBufferNumber(WRITE_BUFFERS);
  }

  @Override
  public void close(String storeName, Options options) {
    // The cache and the manager are shared with other stores.
  }
}

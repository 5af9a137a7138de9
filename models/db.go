package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

var (
	errNoRows = sql.ErrNoRows
	errClosed = errors.New("the store is closed")
)

const (
	readConns = 4
	// patience is how long one waits for another process to give the store free, and
	// turn how long at a time: whoever stops the server does not wait longer.
	patience = 5 * time.Second
	turn     = 100 * time.Millisecond
	// mmapBytes lets SQLite read through the page cache without a copy: the log's
	// next page costs 40 % less. The file is mapped as far as it reaches.
	mmapBytes = "1073741824"
	// stmtCache is how many prepared statements a connection keeps. GORM's own
	// cache is off: it is one for the whole pool, holds its lock while a statement
	// waits for a connection, and so stands still for ever when those who have the
	// connections ask on. It also hands one request's cancellation to another, and
	// never forgets.
	stmtCache = "256"
)

// Options are what a DB needs from outside.
type Options struct {
	Path   string           // the SQLite file
	Now    func() time.Time // nil: time.Now
	Bell   Bell             // nil: nobody listens
	Logger *slog.Logger     // nil: slog.Default()
	// Patience is how long a write waits while another process writes; 0: 5 s.
	Patience time.Duration
}

// DB is the store: one connection that writes (behind [DB.Write]) and a small
// pool that reads.
type DB struct {
	now      func() time.Time
	log      *slog.Logger
	patience time.Duration
	write    *gorm.DB // one connection, the writer's alone
	lane     *lane    // that connection
	read     *gorm.DB
	pools    []*sql.DB
	writer   *writer
	folder   *folder
	epoch    string
	bell     atomic.Pointer[Bell]
	// broadcasts is the newest push to everyone that this process knows of.
	broadcasts atomic.Int64
	// What each handshake asks for is read for all that are under way at once.
	logs     *gather[logRow]
	sessions *gather[storedSession]
}

// Open opens the store, makes or migrates its tables and starts its writer. A
// database of a newer Aoki is refused with the code "newer_database".
func Open(o Options) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Patience == 0 {
		o.Patience = patience
	}
	db := &DB{now: o.Now, log: o.Logger, patience: o.Patience}
	if o.Bell != nil {
		db.SetBell(o.Bell)
	}
	var err error
	// A deferred transaction that turns into a writer fails at once with
	// SQLITE_BUSY, whatever the timeout says: those that write begin IMMEDIATE.
	if db.write, err = db.open(o.Path, 1, "_txlock=immediate&_synchronous=FULL&_journal_mode=WAL"); err != nil {
		return nil, err
	}
	if db.read, err = db.open(o.Path, readConns, "_txlock=deferred&_query_only=1"); err != nil {
		db.closePools()
		return nil, err
	}
	if err := db.prepare(); err != nil {
		db.closePools()
		return nil, err
	}
	db.folder = startFolder(db.pool(o.Path, 1, "_txlock=deferred&_synchronous=FULL"), db.log)
	db.writer = startWriter(db)
	turn := new(sync.Mutex)
	db.logs, db.sessions = startGather(turn, db.gatherLogs), startGather(turn, db.readSessions)
	return db, nil
}

func (db *DB) prepare() error {
	if err := migrate(db.write, migrations); err != nil {
		return err
	}
	var err error
	if db.epoch, err = ensureEpoch(db.write); err != nil {
		return err
	}
	if err := db.refreshBroadcasts(context.Background()); err != nil {
		return err
	}
	// From here on the writer is who waits for other processes.
	return db.write.Exec(fmt.Sprintf("PRAGMA busy_timeout = %d", turn.Milliseconds())).Error
}

// pool makes a pool of at most conns connections.
func (db *DB) pool(path string, conns int, params string) *sql.DB {
	file := url.URL{Path: path}
	pool := sql.OpenDB(connector{
		dsn: "file:" + file.EscapedPath() + "?_busy_timeout=" + strconv.FormatInt(db.patience.Milliseconds(), 10) + "&_foreign_keys=1&_stmt_cache_size=" + stmtCache + "&" + params,
		driver: &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
			_, err := c.Exec("PRAGMA mmap_size = "+mmapBytes+"; PRAGMA wal_autocheckpoint = "+autoPages+"; PRAGMA journal_size_limit = "+walBytes, nil)
			return err
		}},
	})
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	db.pools = append(db.pools, pool)
	return pool
}

// open makes a GORM handle over a pool, or over the one connection itself.
func (db *DB) open(path string, conns int, params string) (*gorm.DB, error) {
	pool := db.pool(path, conns, params)
	var over gorm.ConnPool = pool
	if conns == 1 {
		conn, err := pool.Conn(context.Background())
		if err != nil {
			return nil, unavailable(err)
		}
		db.lane = &lane{Conn: conn}
		over = db.lane
	}
	g, err := gorm.Open(sqlite.New(sqlite.Config{Conn: over}), &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		NowFunc:                db.Now,
		DisableAutomaticPing:   true,           // it knows pools only, not the one connection
		Logger:                 logger.Discard, // statements carry contents, which no log may show
	})
	if err != nil {
		return nil, unavailable(err)
	}
	return g, nil
}

// connector opens connections of a driver with our hook, without registering it
// under a global name.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// Close lets the writer finish what it was given, and closes the store.
func (db *DB) Close() error { return db.Shutdown(context.Background()) }

// Shutdown is Close for who can't wait: when ctx ends, the writes that wait for
// another process are refused.
func (db *DB) Shutdown(ctx context.Context) error {
	db.writer.stop(ctx)
	db.folder.stop()
	db.logs.stop(ctx)
	db.sessions.stop(ctx)
	return db.closePools()
}

func (db *DB) closePools() error {
	var errs []error
	if db.write != nil {
		if db.lane != nil {
			_ = db.lane.Close() // gives it back to its pool, which does not close what is in use
		}
	}
	// The writing pool goes last, so that it is the one to fold the WAL back.
	for _, pool := range slices.Backward(db.pools) {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}

// Now is the time, in UTC and whole microseconds (what every store can keep).
func (db *DB) Now() time.Time { return db.now().UTC().Truncate(time.Microsecond) }

// Epoch names this database's life: made with it and renewed by a restore. A
// cursor of another epoch means nothing here.
func (db *DB) Epoch() string { return db.epoch }

// Read gives the pool that reads. It can't write. Every query on it carries the
// user id.
func (db *DB) Read(ctx context.Context) *gorm.DB { return db.read.WithContext(ctx) }

// Snapshot runs fn in a transaction that reads: all its queries see the store as
// of one moment.
func (db *DB) Snapshot(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return db.Read(ctx).Transaction(fn, &sql.TxOptions{ReadOnly: true})
}

// SetBell says who is rung after a commit.
func (db *DB) SetBell(b Bell) { db.bell.Store(&b) }

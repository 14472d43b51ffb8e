// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/aggregates.h"

namespace sallyport::store::sqlite {
namespace {

class SqliteKeyStore final : public KeyStore {
 public:
  SqliteKeyStore(Writer& writer, ReaderPool& readers) : writer_(writer), readers_(readers) {}

  Task<std::vector<SigningKeyRecord>> List() override {
    using Keys = std::vector<SigningKeyRecord>;
    return readers_.Read<Keys>([](Connection& c) -> Result<Keys> {
      Query row(c,
                "SELECT kid, algorithm, sealed_private_key, public_jwk, created_at, active_from, retired_at "
                "FROM signing_keys ORDER BY created_at, kid");
      Keys keys;
      while (row.Step()) {
        keys.push_back(
            {row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Time(4), row.Time(5), row.MaybeTime(6)});
      }
      return keys;
    });
  }

  Task<void> Insert(SigningKeyRecord key, bool only_if_none) override {
    return writer_.Write<void>([key = std::move(key), only_if_none](Connection& c) -> Result<void> {
      if (only_if_none && Query(c, "SELECT 1 FROM signing_keys WHERE retired_at IS NULL").Step()) {
        return Fail(Errc::kConflict);
      }
      Query(c, "INSERT INTO signing_keys VALUES (?, ?, ?, ?, ?, ?, ?)", key.kid, key.algorithm,
            Blob{key.sealed_private_key}, key.public_jwk, key.created_at, key.active_from, key.retired_at)
          .Run();
      return {};
    });
  }

  Task<void> Retire(std::string kid, Timestamp at) override {
    return writer_.Write<void>([kid = std::move(kid), at](Connection& c) -> Result<void> {
      if (Query(c, "UPDATE signing_keys SET retired_at = ifnull(retired_at, ?) WHERE kid = ?", at, kid).Run() == 0) {
        return Fail(Errc::kNotFound);
      }
      return {};
    });
  }

  Task<void> Delete(std::string kid) override {
    return writer_.Write<void>([kid = std::move(kid)](Connection& c) -> Result<void> {
      if (Query(c, "DELETE FROM signing_keys WHERE kid = ?", kid).Run() == 0) return Fail(Errc::kNotFound);
      return {};
    });
  }

 private:
  Writer& writer_;
  ReaderPool& readers_;
};

}  // namespace

std::unique_ptr<KeyStore> MakeKeyStore(Writer& writer, ReaderPool& readers) {
  return std::make_unique<SqliteKeyStore>(writer, readers);
}

}  // namespace sallyport::store::sqlite

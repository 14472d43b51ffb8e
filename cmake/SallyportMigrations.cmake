# sallyport_embed_migrations(TARGET FOLDER)
#
# Compiles FOLDER/NNNN_name.sql into TARGET as the table that store/sqlite/migrations.h declares.
function(sallyport_embed_migrations target folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  list(SORT files)
  set(rows "")
  foreach(file IN LISTS files)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(stem ${file} NAME_WE)
    if(NOT stem MATCHES "^([0-9]+)_(.+)$")
      message(FATAL_ERROR "${file}: migrations are named NNNN_name.sql")
    endif()
    set(number ${CMAKE_MATCH_1})
    set(name ${CMAKE_MATCH_2})
    string(REGEX REPLACE "^0+" "" number ${number})
    file(READ ${file} sql)
    string(APPEND rows "    {${number}, \"${name}\", R\"~sql~(${sql})~sql~\"},\n")
  endforeach()
  set(text "// Made from store/migrations by cmake/SallyportMigrations.cmake.
#include \"sallyport/store/sqlite/migrations.h\"

namespace sallyport::store::sqlite {
namespace {
constexpr Migration kMigrations[] = {
${rows}};
}  // namespace
std::span<const Migration> Migrations() { return kMigrations; }
}  // namespace sallyport::store::sqlite
")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_migrations.cc)
  file(CONFIGURE OUTPUT ${output} CONTENT "${text}" @ONLY)
  target_sources(${target} PRIVATE ${output})
endfunction()
